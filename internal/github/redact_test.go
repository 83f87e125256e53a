package github

import (
	"errors"
	"net/http"
	"strings"
	"testing"
)

// TestRedact: what answers may repeat the token, which is then in no answer and in no error.
func TestRedact(t *testing.T) {
	t.Parallel()
	const token = "ghs_16C7e42F292c6912E7710c838347Ae178B4a"
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		status := http.StatusForbidden
		if r.URL.Path == "/api/v3/repos/o/r" {
			status = http.StatusOK
		}
		reply{status: status, body: `{"name":"` + token + `", "message":"Authorization: Bearer ` + token + `?"}`}.write(w)
	})
	c.transport.token = token
	err := query(c)
	var e *PermissionError
	if !errors.As(err, &e) || e.Message != "Authorization: Bearer ***?" {
		t.Errorf("error %v, want a PermissionError without the token", err)
	}
	repository, _, err := c.REST.Repositories.Get(t.Context(), "o", "r")
	if err != nil {
		t.Fatal(err)
	}
	if name := repository.GetName(); name != "***" || strings.Contains(repository.String(), token) {
		t.Errorf("the answer is %s, want one without the token", repository)
	}
	// The token of a simulated GitHub may be a word that other words hold.
	c.transport.token = "ghs"
	if repository, _, err = c.REST.Repositories.Get(t.Context(), "o", "r"); err != nil || repository.GetName() != token {
		t.Errorf("the answer is %s, want it as it came (%v)", repository, err)
	}
}
