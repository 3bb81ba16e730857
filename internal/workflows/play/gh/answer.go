package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strconv"

	"github.com/itchyny/gojq"
)

// route is a kind of request, by method and path. The groups of the path are the arguments.
type route struct {
	request *regexp.Regexp
	answer  func(arguments []string, fields object) (any, error)
}

var routes = []route{
	{
		regexp.MustCompile(`^GET repos/[^/]+/[^/]+/pulls$`),
		func([]string, object) (any, error) { return inCollection("pulls").all() },
	},
	{
		regexp.MustCompile(`^POST repos/[^/]+/[^/]+/pulls$`),
		func(_ []string, fields object) (any, error) { return inCollection("pulls").add("number", fields) },
	},
	{
		regexp.MustCompile(`^GET repos/[^/]+/[^/]+/issues/(\d+)/comments$`),
		func(of []string, _ object) (any, error) { return commentsOf(of[0]) },
	},
	{
		regexp.MustCompile(`^POST repos/[^/]+/[^/]+/issues/(\d+)/comments$`),
		func(of []string, fields object) (any, error) {
			fields["issue"] = of[0]
			return inCollection("comments").add("id", fields)
		},
	},
	{
		regexp.MustCompile(`^PATCH repos/[^/]+/[^/]+/issues/comments/(\d+)$`),
		func(of []string, fields object) (any, error) {
			return known(inCollection("comments").update("id", of[0], fields))
		},
	},
	{
		regexp.MustCompile(`^GET repos/[^/]+/[^/]+/issues$`),
		func([]string, object) (any, error) { return inCollection("issues").all() },
	},
	{
		regexp.MustCompile(`^POST repos/[^/]+/[^/]+/issues$`),
		func(_ []string, fields object) (any, error) { return inCollection("issues").add("number", fields) },
	},
	{
		regexp.MustCompile(`^PATCH repos/[^/]+/[^/]+/issues/(\d+)$`),
		func(of []string, fields object) (any, error) {
			return known(inCollection("issues").update("number", of[0], fields))
		},
	},
	{
		regexp.MustCompile(`^PATCH repos/[^/]+/[^/]+/git/refs/(.+)$`),
		func(of []string, fields object) (any, error) {
			ref := "refs/" + of[0]
			if err := git("rev-parse", "--quiet", "--verify", ref); err != nil {
				return nil, errNotFound
			}
			return nil, git("update-ref", ref, fmt.Sprint(fields["sha"]))
		},
	},
	{
		regexp.MustCompile(`^POST repos/[^/]+/[^/]+/git/refs$`),
		func(_ []string, fields object) (any, error) {
			return nil, git("update-ref", fmt.Sprint(fields["ref"]), fmt.Sprint(fields["sha"]))
		},
	},
}

var errNotFound = errors.New("there is no such object")

func known(found object, err error) (any, error) {
	if err == nil && found == nil {
		err = errNotFound
	}
	return found, err
}

func commentsOf(pull string) (any, error) {
	all, err := inCollection("comments").all()
	var of []object
	for _, comment := range all {
		if comment["issue"] == pull {
			of = append(of, comment)
		}
	}
	return of, err
}

func git(words ...string) error {
	command := exec.Command("git", words...)
	command.Env = append(os.Environ(), "GIT_DIR="+os.Getenv("PLAY_REMOTE"))
	command.Stderr = os.Stderr
	return command.Run()
}

// answer answers the call, and prints a list page by page.
func (c call) answer() error {
	asked, err := url.Parse(c.path)
	if err != nil {
		return err
	}
	for _, route := range routes {
		arguments := route.request.FindStringSubmatch(c.method + " " + asked.Path)
		if arguments == nil {
			continue
		}
		answer, err := route.answer(arguments[1:], c.fields)
		if err != nil || c.silent {
			return err
		}
		list, is := answer.([]object)
		if !is {
			return c.print(answer)
		}
		return c.printPages(list, asked.Query())
	}
	return fmt.Errorf("unknown request %s %s", c.method, asked.Path)
}

// printPages prints the first page, of 30 unless the query says otherwise, or all of them.
func (c call) printPages(list []object, query url.Values) error {
	size, err := strconv.Atoi(query.Get("per_page"))
	if err != nil {
		size = 30
	}
	for page := 0; page == 0 || page*size < len(list); page++ {
		if c.pages > 0 && page >= c.pages {
			break
		}
		if err := c.print(list[page*size : min(len(list), (page+1)*size)]); err != nil {
			return err
		}
	}
	return nil
}

// print prints what the jq expression selects: text as it is, anything else as JSON.
func (c call) print(answer any) error {
	query, err := gojq.Parse(c.jq)
	if err != nil {
		return fmt.Errorf("reading --jq: %w", err)
	}
	code, err := gojq.Compile(query, gojq.WithEnvironLoader(os.Environ))
	if err != nil {
		return fmt.Errorf("reading --jq: %w", err)
	}
	plain, err := generic(answer)
	if err != nil {
		return err
	}
	values := code.Run(plain)
	for value, more := values.Next(); more; value, more = values.Next() {
		if err, failed := value.(error); failed {
			return err
		}
		if text, is := value.(string); is {
			fmt.Println(text)
			continue
		}
		if err := json.NewEncoder(os.Stdout).Encode(value); err != nil {
			return err
		}
	}
	return nil
}

// generic turns an answer into the types that gojq knows.
func generic(answer any) (any, error) {
	content, err := json.Marshal(answer)
	if err != nil {
		return nil, err
	}
	var plain any
	err = json.Unmarshal(content, &plain)
	return plain, err
}

// dispatch notes a workflow that somebody started by hand.
func dispatch(words []string) error {
	_, err := inCollection("dispatched").add("id", object{"words": words})
	return err
}
