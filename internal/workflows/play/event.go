package play

type object = map[string]any

// Preview is the event of a pull request that was opened or updated.
func Preview(pull Pull) Event {
	here := object{"full_name": Repository}
	return Event{
		Name: "pull_request", Workflow: "preview.yml", Commit: pull.Head.Commit, Job: "preview",
		Payload: object{"number": pull.Number, "pull_request": object{
			"number": pull.Number,
			"head":   object{"sha": pull.Head.Commit, "ref": "change", "repo": here},
			"base":   object{"ref": "main", "repo": here},
		}},
	}
}

// Completed is the event of a preview that has ended, which main's workflow comments on.
func Completed(run Run, pull Pull, main string) Event {
	conclusion := "success"
	if run.Err != nil {
		conclusion = "failure"
	}
	return Event{
		Name: "workflow_run", Workflow: "comment.yml", Commit: main,
		Payload: object{"workflow_run": object{
			"id": run.ID, "head_sha": pull.Head.Commit, "conclusion": conclusion,
		}},
	}
}

// Deployment is the event of a commit that arrives on main. Its run ends with the stage's stack.
func (s *Stage) Deployment(commit string) Event {
	return Event{
		Name: "push", Workflow: "deploy.yml", Commit: commit, Job: s.set.Stack,
		Payload: object{"ref": "refs/heads/main", "after": commit},
	}
}
