package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
)

// shardTree is shards in the order in which they are shown, each under a parent.
type shardTree []shardLine

// shardLine is one shard with what is drawn in front of it.
type shardLine struct {
	shardRow
	branch string // such as "│  ├─ "
	note   string
}

// treeOf puts each shard under the first of its parents that is listed. A parent that retention took leaves a root.
func treeOf(rows []shardRow) shardTree {
	listed := map[string]bool{}
	for i := range rows {
		listed[rows[i].Shard] = true
	}
	children := map[string][]int{} // by parent; "" for roots
	for i := range rows {
		at := ""
		for _, parent := range slices.Backward(rows[i].Parents) {
			if listed[parent] && parent != rows[i].Shard {
				at = parent
			}
		}
		children[at] = append(children[at], i)
	}
	var tree shardTree
	var grow func(under, indent string)
	grow = func(under, indent string) {
		own := children[under]
		for n, i := range own {
			branch, below := "├─ ", "│  "
			if n == len(own)-1 {
				branch, below = "└─ ", "   "
			}
			if under == "" {
				branch, below = "", ""
			}
			tree = append(tree, shardLine{rows[i], indent + branch, parentNote(&rows[i], under)})
			grow(rows[i].Shard, indent+below)
		}
	}
	grow("", "")
	return tree
}

// parentNote names the parents that the tree does not show.
func parentNote(r *shardRow, under string) string {
	var others []string
	for _, parent := range r.Parents {
		if parent != under {
			others = append(others, parent)
		}
	}
	switch {
	case len(others) == 0:
		return ""
	case under == "":
		return "of " + strings.Join(others, " and ") + ", no longer listed"
	}
	return "and of " + strings.Join(others, " and ")
}

func (t shardTree) rows() []shardRow {
	rows := make([]shardRow, len(t))
	for i := range t {
		rows[i] = t[i].shardRow
	}
	return rows
}

// write draws the tree; wide has the numbers as well.
func (t shardTree) write(w io.Writer, wide bool) error {
	open := 0
	for i := range t {
		if t[i].State == "open" {
			open++
		}
	}
	fmt.Fprintf(w, "%d open, %d closed\n\n", open, len(t)-open)
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	columns := "SHARD\tSTATE\tSHARE\tHASH RANGE"
	if wide {
		columns += "\tFIRST HASH KEY\tLAST HASH KEY\tFIRST SEQUENCE\tLAST SEQUENCE"
	}
	fmt.Fprintln(tw, columns)
	for i := range t {
		l := &t[i]
		fmt.Fprintf(tw, "%s%s\t%s\t%s\t%s", l.branch, l.Shard, l.State, percent(l.Share), bar(l.start, l.Share))
		if wide {
			fmt.Fprintf(tw, "\t%s\t%s\t%s\t%s", l.StartHash, l.EndHash, l.FirstSequence, dash(l.LastSequence))
		}
		if l.note != "" {
			fmt.Fprintf(tw, "\t%s", l.note)
		}
		fmt.Fprintln(tw)
	}
	return tw.Flush()
}

func percent(share float64) string {
	if share >= 0.0995 {
		return fmt.Sprintf("%.0f %%", share*100)
	}
	return fmt.Sprintf("%.2g %%", share*100)
}

// barWidth is how many cells stand for the whole hash range: with the shard's name and a branch, half of a narrow screen.
const barWidth = 32

// bar draws where in the hash range a shard lies. One that is too small to see still has a cell.
func bar(start, share float64) string {
	from := min(int(math.Round(start*barWidth)), barWidth-1)
	to := max(int(math.Round((start+share)*barWidth)), from+1)
	return strings.Repeat("·", from) + strings.Repeat("█", to-from) + strings.Repeat("·", barWidth-to)
}
