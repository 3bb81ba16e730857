package pipeline

import (
	"fmt"
	"slices"
)

// Fields of a line in the store, beside those of its pod.
const (
	// RequestID is the request that a line is about.
	RequestID = "request_id"
	// TraceID is the trace that a line is about.
	TraceID = "trace_id"
	// Fields are what else a JSON object had, under its own names: they cannot hide what the collector says of the line.
	Fields = "fields"

	spanID = "span_id"
	level  = "level"
)

const fieldsStart = "object"

// known are the names under which programs write what has a name of its own here. The first one that is there counts.
var known = []struct {
	name string
	// to is where it goes, if the condition holds.
	to, unless string
	keys       []string
}{
	// An object stays a field: the body of a line is a text. It is a JSON object until it has been replaced.
	{
		"message", "body", `type(attributes.fields.message ?? attributes.fields.msg) == "string" and ` + isObject,
		[]string{"message", "msg"},
	},
	{
		level, attribute(level), "attributes.level == nil",
		[]string{"level", "severity", "lvl", "levelname", "log.level", "loglevel"},
	},
	{
		RequestID, attribute(RequestID), "attributes.request_id == nil",
		[]string{"request_id", "requestId", "requestID", "req_id", "reqId", "x-request-id"},
	},
	{TraceID, attribute(TraceID), "attributes.trace_id == nil", []string{"trace_id", "traceId", "traceID"}},
	{spanID, attribute(spanID), "attributes.span_id == nil", []string{"span_id", "spanId", "spanID"}},
}

// levels are the names and numbers of levels, in lower case: those of syslog, log4j, java.util.logging, Python, zap,
// pino and bunyan.
var levels = map[string][]string{
	"trace": {"trace", "finest", "finer", "verbose", "10"},
	"debug": {"debug", "fine", "config", "20"},
	"info":  {"info", "information", "informational", "notice", "30", "i"},
	"warn":  {"warn", "warning", "40", "w"},
	"error": {"error", "err", "severe", "50", "e", "exception", "traceback"},
	"fatal": {"fatal", "critical", "crit", "alert", "emerg", "emergency", "panic", "dpanic", "60", "f"},
}

// written are the notations of level and request in a line that is no JSON object. The first one that matches counts.
var written = []struct{ name, attribute, pattern string }{
	{"pair", level, `^.{0,300}?\b(?i:level|lvl|severity)=["']?(?P<level>\w+)`},
	{"klog", level, `^(?P<level>[IWEF])\d{4} \d\d:\d\d:\d\d\.`},
	{
		"word", level, `^.{0,100}?\b(?P<level>TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|SEVERE|FATAL|CRITICAL|PANIC)\b`,
	},
	{"trace", level, `(?m)^(?:[\w.$]*)(?P<level>panic|Traceback|Exception|Error)\b`},
	{"request", RequestID, `\b(?i:x-)?(?i:request[_-]?id|req_?id)["']?[=:]\s*["']?(?P<request_id>[\w.-]+)`},
}

// fields makes fields of what a line says.
func fields() []operator {
	all := []operator{{
		Type: "json_parser", ID: fieldsStart, If: isObject, ParseFrom: "body", ParseTo: attribute(Fields), ParseInts: true,
		OnError: quietly,
	}}
	for _, one := range known {
		for i, key := range one.keys {
			all = append(all, operator{
				Type: "move", ID: fmt.Sprintf("%s-%d", one.name, i+1), From: attribute(Fields) + child(key), To: one.to,
				If:      fmt.Sprintf("attributes.fields != nil and attributes.fields[%q] != nil and %s", key, one.unless),
				OnError: quietly,
			})
		}
	}
	for _, one := range written {
		all = append(all, operator{
			Type: "regex_parser", ID: "written-" + one.name, ParseFrom: "body", ParseTo: "attributes",
			If:    fmt.Sprintf("attributes.fields == nil and attributes[%q] == nil", one.attribute),
			Regex: literal(one.pattern), OnError: quietly,
		})
	}
	return slices.Concat(all, severity(), trace(), cleared())
}

func severity() []operator {
	return []operator{{
		Type: "severity_parser", ID: "severity", If: "attributes.level != nil", ParseFrom: attribute(level),
		Preset: "none", Mapping: levels, OverwriteText: true, OnError: quietly,
	}}
}

// trace makes the line part of its trace. What is no identifier of a trace stays a field
// (https://www.w3.org/TR/trace-context/#trace-id).
func trace() []operator {
	isTrace := `attributes.trace_id != nil and attributes.trace_id matches "^[0-9a-f]{32}$$"`
	return []operator{
		{
			Type: "trace_parser", ID: "trace", If: isTrace, OnError: quietly,
			TraceID: &parsedField{attribute(TraceID)}, SpanID: &parsedField{attribute(spanID)},
		},
		removed("trace-id", attribute(TraceID), isTrace),
	}
}

// cleared removes what only the operators needed.
func cleared() []operator {
	return []operator{
		removed("level", attribute(level), "attributes.level != nil"),
		removed("path", filePath, ""),
		removed("part", attribute("logtag"), ""),
	}
}

func removed(name, field, condition string) operator {
	return operator{Type: "remove", ID: "remove-" + name, Field: field, If: condition, OnError: quietly}
}

// attribute returns the name of an attribute of the line in the notation of the operators.
func attribute(name string) string { return "attributes." + name }

func child(key string) string { return fmt.Sprintf("[%q]", key) }
