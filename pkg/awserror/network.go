package awserror

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
)

// networkText words a call that did not get an answer, "" for one that failed of something else.
func networkText(err error) string {
	host := hostOf(err)
	if text := certificateText(err, host); text != "" {
		return text
	}
	var name *net.DNSError
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nothing listens at " + host + hint(host)
	case errors.As(err, &name) && name.IsNotFound:
		return fmt.Sprintf("there is no host %q%s", name.Name, regionHint(name.Name))
	case errors.As(err, &name):
		return fmt.Sprintf("no name server says where %q is: is there a network? (%v)", name.Name, name.Err)
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return "there is no way to " + host + ": is there a network?"
	case errors.Is(err, context.Canceled):
		return "" // the caller's own doing
	case errors.As(err, &timeout) && timeout.Timeout():
		return host + " does not answer: is there a network, and a way through its firewalls, or a VPC endpoint?"
	case errors.Is(err, http.ErrSchemeMismatch):
		return host + " speaks plain HTTP: its URL begins with http://"
	}
	return ""
}

// certificateText words a server that can't be trusted.
func certificateText(err error, host string) string {
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var header tls.RecordHeaderError
	switch {
	case errors.As(err, &authority):
		return "the certificate of " + host + " is signed by nobody that is known here: AWS_CA_BUNDLE names a file with the authority of a proxy or emulator"
	case errors.As(err, &name):
		return "the certificate of " + host + " is that of another host: " + name.Error()
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "the certificate of " + host + " is not valid now: is this machine's clock right? (" + invalid.Error() + ")"
	case errors.As(err, &invalid):
		return "the certificate of " + host + " is not valid: " + invalid.Error()
	case errors.As(err, &header):
		return host + " does not speak TLS: does its URL begin with http://?"
	}
	return ""
}

// hostOf returns the host and port that were called.
func hostOf(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		if parsed, err := url.Parse(u.URL); err == nil && parsed.Host != "" {
			return parsed.Host
		}
	}
	return "the service"
}

// hint is what to try about a host that refuses connections: where it is this machine, an emulator is meant.
func hint(host string) string {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	if ip := net.ParseIP(name); name == "localhost" || ip != nil && ip.IsLoopback() {
		return ": is the emulator up? AWS_ENDPOINT_URL or AWS_ENDPOINT_URL_KINESIS says where it is (in a container localhost is the container)"
	}
	return ": is its port right?"
}

// regionHint is what to try about a host that is not there: AWS' own carry the region in their names.
func regionHint(host string) string {
	parts := strings.Split(host, ".")
	if len(parts) == 4 && parts[2] == "amazonaws" {
		return fmt.Sprintf(": is %q a region (AWS_REGION)? Is there a network?", parts[1])
	}
	return ": does AWS_ENDPOINT_URL name the right one? Is there a network?"
}
