// Package page tests the status page in a real browser: the binary runs over the embedded Kinesis, a headless Chromium opens
// its page, and what a person would see, read and press is asked of the document.
//
// KSTREAM_TEST_CHROMEDRIVER names the chromedriver that starts the browser; without it nothing is tested here (make test-page
// sets it). With KSTREAM_TEST_PICTURES, a folder, the pictures of the documentation are taken there (make pictures).
package page
