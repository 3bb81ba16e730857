// Command crilogger writes what it reads to a file as containerd does for a container: with its code, line by line, in
// parts of the length that a kubelet expects.
//
// It reads commands from its input, each a line of JSON, and answers each with an empty line once it is done.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"

	criio "github.com/containerd/containerd/pkg/cri/io"
	cioutil "github.com/containerd/containerd/pkg/ioutil"
)

// maxLineSize is the default of max_container_log_line_size
// (https://github.com/containerd/containerd/blob/v1.7.30/docs/cri/config.md).
const maxLineSize = 16 * 1024

// command is one command.
type command struct {
	// Open is the path of the file to write to from now on, as after the kubelet's request to reopen it.
	Open string
	// Stream is "stdout" or "stderr", and Text is what the container writes to it.
	Stream criio.StreamType
	Text   string
}

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	c := &container{}
	for decoder := json.NewDecoder(bufio.NewReader(in)); ; {
		var next command
		if err := decoder.Decode(&next); err == io.EOF {
			return c.close()
		} else if err != nil {
			return err
		}
		if err := c.do(next); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(out); err != nil {
			return err
		}
	}
}

// container has the loggers of a container's streams, which share a file.
type container struct {
	file    io.WriteCloser
	writers map[criio.StreamType]io.WriteCloser
	stopped []<-chan struct{}
}

func (c *container) do(next command) error {
	if next.Open != "" {
		return c.reopen(next.Open)
	}
	_, err := io.WriteString(c.writers[next.Stream], next.Text)
	return err
}

// reopen makes new loggers, and closes the former ones, as ReopenContainerLog does.
func (c *container) reopen(path string) error {
	if err := c.close(); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o640)
	if err != nil {
		return err
	}
	shared := cioutil.NewSerialWriteCloser(file)
	c.file, c.writers, c.stopped = shared, map[criio.StreamType]io.WriteCloser{}, nil
	for _, stream := range []criio.StreamType{criio.Stdout, criio.Stderr} {
		writer, stopped := criio.NewCRILogger(path, shared, stream, maxLineSize)
		c.writers[stream], c.stopped = writer, append(c.stopped, stopped)
	}
	return nil
}

func (c *container) close() error {
	if c.file == nil {
		return nil
	}
	for _, writer := range c.writers {
		if err := writer.Close(); err != nil {
			return err
		}
	}
	for _, stopped := range c.stopped {
		<-stopped
	}
	return c.file.Close()
}
