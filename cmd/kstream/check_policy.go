package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// need is an action that a run takes: an IAM policy has to allow it.
type need struct {
	identity string // of identityNames
	action   string
	resource string
	alias    string // of the key, where the policy can't name the key itself
}

// identityPolicy is the smallest policy for one of those who call.
type identityPolicy struct {
	Identity string `json:"identity"`
	Policy   policy `json:"policy"`
}

// policy is an IAM policy document, in the form of IAM's reference of policy elements.
type policy struct {
	Version   string      `json:"Version"`
	Statement []statement `json:"Statement"`
}

type statement struct {
	Effect    string                       `json:"Effect"`
	Action    []string                     `json:"Action"`
	Resource  []string                     `json:"Resource"`
	Condition map[string]map[string]string `json:"Condition,omitempty"`

	alias string
}

// policies returns the smallest policy for each of those who call.
func (a *attempt) policies() (list []identityPolicy) {
	list = []identityPolicy{}
	for _, who := range identityNames {
		if s := statements(a.needs, who); len(s) > 0 {
			list = append(list, identityPolicy{who, policy{"2012-10-17", s}})
		}
	}
	return list
}

// statements has one for each set of actions, with all the resources that they are taken on.
func statements(needs []need, who string) (list []statement) {
	for _, n := range needs { // first by resource
		if n.identity != who {
			continue
		}
		i := slices.IndexFunc(list, func(s statement) bool { return s.Resource[0] == n.resource && s.alias == n.alias })
		if i < 0 {
			i = len(list)
			list = append(list, statement{Effect: "Allow", Resource: []string{n.resource}, alias: n.alias, Condition: condition(n)})
		}
		if !slices.Contains(list[i].Action, n.action) {
			list[i].Action = append(list[i].Action, n.action)
			slices.Sort(list[i].Action)
		}
	}
	var merged []statement
	for _, s := range list {
		i := slices.IndexFunc(merged, func(m statement) bool { return slices.Equal(m.Action, s.Action) && m.alias == s.alias })
		if i < 0 {
			merged = append(merged, s)
		} else {
			merged[i].Resource = append(merged[i].Resource, s.Resource...)
		}
	}
	return merged
}

// condition keeps the use of a key, of which only the alias is known, to that one.
func condition(n need) map[string]map[string]string {
	if n.alias == "" {
		return nil
	}
	return map[string]map[string]string{"ForAnyValue:StringEquals": {"kms:ResourceAliases": n.alias}}
}

// writePolicies prints them all, each with whom it is for.
func writePolicies(w io.Writer, list []identityPolicy) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintln(w, "\nThe smallest IAM policy for this configuration (--policy prints it alone)")
	for _, p := range list {
		if len(list) > 1 {
			fmt.Fprintf(w, "  %s:\n", identityText(p.Identity))
		}
		text, err := json.MarshalIndent(p.Policy, "  ", "  ")
		if err != nil {
			panic(err) // plain structs always encode
		}
		fmt.Fprintf(w, "  %s\n", text)
		if strings.Contains(string(text), ":*:stream/") {
			fmt.Fprintln(w, "  (the stream could not be described: put your account's number where its ARN has a *)")
		}
	}
}

func identityText(who string) string {
	if who == "own" {
		return "the own identity"
	}
	return "the role of the " + who + " (--policy=" + who + ")"
}

// writePolicy prints the policy of one of those who call, and nothing else.
func (a *attempt) writePolicy(w io.Writer, who string) error {
	for _, p := range a.policies() {
		if p.Identity == who {
			enc := json.NewEncoder(w)
			enc.SetIndent("", "  ")
			return enc.Encode(p.Policy)
		}
	}
	if who == "own" {
		return wrong(errors.New("this configuration calls nothing of AWS: there is no policy to print"))
	}
	return wrong(fmt.Errorf("the %s assumes no role: `kstream check --policy` prints the policy of the identity that calls for it", who))
}
