// Package leasetest is as much of DynamoDB as reading a lease table takes, in this process, for tests.
package leasetest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// Server answers DescribeTable, Scan, two rows a page, and ListTables. Its methods may be called from any goroutine.
type Server struct {
	URL string

	mu     sync.Mutex
	tables map[string]*Table // guarded by mu
	denied []string          // guarded by mu; operations
}

// Table is a table as DynamoDB's answers have it.
type Table struct {
	Table json.RawMessage   `json:"table"`
	Items []json.RawMessage `json:"items"`
}

// New starts a server without tables, which ends with the test.
func New(t testing.TB) *Server {
	t.Helper()
	s := &Server{tables: map[string]*Table{}}
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	s.URL = h.URL
	return s
}

// Load puts the table that a file holds under a name.
func (s *Server) Load(t testing.TB, name, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	table := &Table{}
	if err := json.Unmarshal(text, table); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tables[name] = table
}

// Put makes a table with that key out of rows, each in DynamoDB's JSON.
func (s *Server) Put(name, key string, rows ...string) {
	table := &Table{Table: json.RawMessage(fmt.Sprintf(`{"TableName":%q,"KeySchema":[{"AttributeName":%q,"KeyType":"HASH"}]}`, name, key))}
	for _, row := range rows {
		table.Items = append(table.Items, json.RawMessage(row))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tables[name] = table
}

// Deny lets calls of these operations be refused.
func (s *Server) Deny(operations ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.denied = operations
}

// ServeHTTP answers one call of the SDK's.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	var in struct {
		TableName         string
		ExclusiveStartKey map[string]map[string]string
	}
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = json.Unmarshal(body, &in)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	table := s.tables[in.TableName]
	switch {
	case err != nil:
		refuse(w, "SerializationException", err.Error())
	case slices.Contains(s.denied, operation):
		refuse(w, "AccessDeniedException", "User: arn:aws:iam::123456789012:user/me is not authorized to perform: dynamodb:"+operation+
			" on resource: * because no identity-based policy allows the dynamodb:"+operation+" action")
	case operation == "ListTables":
		answer(w, map[string]any{"TableNames": s.namesLocked()})
	case table == nil:
		refuse(w, "ResourceNotFoundException", "Requested resource not found")
	case operation == "DescribeTable":
		answer(w, map[string]any{"Table": table.Table})
	case operation == "Scan":
		from, _ := strconv.Atoi(in.ExclusiveStartKey["row"]["N"])
		answer(w, table.page(from))
	default:
		refuse(w, "UnknownOperationException", operation)
	}
}

func (s *Server) namesLocked() (names []string) {
	for name := range s.tables {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (t *Table) page(from int) map[string]any {
	const most = 2
	to := min(from+most, len(t.Items))
	page := map[string]any{"Items": t.Items[from:to], "Count": to - from}
	if to < len(t.Items) {
		page["LastEvaluatedKey"] = map[string]any{"row": map[string]string{"N": strconv.Itoa(to)}}
	}
	return page
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	_ = json.NewEncoder(w).Encode(v)
}

func refuse(w http.ResponseWriter, code, message string) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]string{"__type": "com.amazonaws.dynamodb.v20120810#" + code, "message": message})
}
