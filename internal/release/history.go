package release

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Former is an image that a service had before.
type Former struct {
	// Image is the image as the file had it.
	Image string
	// Commit, Date, Author and Subject are those of the commit that brought it the last time.
	Commit  string
	Date    time.Time
	Author  string
	Subject string
}

// History is what the history of a stack's file knows of a service.
type History struct {
	// Formers are the former images, the newest first. The current image is none of them, and neither is the placeholder.
	Formers []Former
	// Shallow reports whether the clone lacks older commits.
	Shallow bool
}

// History reads the former images from the Git history of the stack's file. Versions of the file that cannot be read
// are left out. The error is a RefusedError if there is no history, or no former image in it.
func (t *Target) History(ctx context.Context) (*History, error) {
	versions, err := versionsOf(ctx, t.file.Path())
	if err != nil {
		return nil, err
	}
	shallow, err := isShallow(ctx, t.file.Path())
	if err != nil {
		return nil, err
	}
	history := &History{Formers: formers(versions, t.Service.Name, t.Service.Image), Shallow: shallow}
	if len(history.Formers) == 0 {
		return nil, refused("the history of %s has no former image of %s%s", t.file.Name(), t.Service.Name, history.Lack())
	}
	return history, nil
}

// Lack says that older images may be missing, or nothing.
func (h *History) Lack() string {
	if h.Shallow {
		return "; the clone is shallow: `git fetch --unshallow` brings older ones"
	}
	return ""
}

// Find returns the former image with a digest, or with the beginning of one. The error is a RefusedError.
func (h *History) Find(digest string) (Former, error) {
	var found []Former
	for _, one := range h.Formers {
		if strings.HasPrefix(Digest(one.Image), digest) || one.Image == digest {
			found = append(found, one)
		}
	}
	switch {
	case digest == "" || len(found) == 0:
		return Former{}, refused("%q is no former digest of the service%s", digest, h.Lack())
	case len(found) > 1:
		return Former{}, refused("%q begins %d former digests: give more of it", digest, len(found))
	}
	return found[0], nil
}

// formers returns each former image once, at the commit that brought it the last time.
func formers(versions []version, service, current string) []Former {
	var found []Former
	last := ""
	for _, one := range versions { // the newest first
		image := imageIn(one.content, service)
		switch {
		case image == "":
			continue
		case image == last && len(found) > 0 && found[len(found)-1].Image == image:
			found[len(found)-1] = one.former(image) // an older commit brought it
		case image != last && image != current && Digest(image) != Placeholder && !has(found, image):
			found = append(found, one.former(image))
		}
		last = image
	}
	return found
}

func has(formers []Former, image string) bool {
	return slices.ContainsFunc(formers, func(one Former) bool { return one.Image == image })
}

func (v version) former(image string) Former {
	return Former{Image: image, Commit: v.commit, Date: v.date, Author: v.author, Subject: v.subject}
}

// String names the commit.
func (f Former) String() string {
	return fmt.Sprintf("%.10s of %s by %s: %s", f.Commit, f.Date.Format(time.DateOnly), f.Author, f.Subject)
}
