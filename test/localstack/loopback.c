// Preloaded into LocalStack, which binds every interface whatever it is told: its sockets listen on loopback only.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netinet/in.h>

int bind(int fd, const struct sockaddr *addr, socklen_t size) {
  int (*real)(int, const struct sockaddr *, socklen_t) = dlsym(RTLD_NEXT, "bind");
  if (addr->sa_family != AF_INET) return real(fd, addr, size);
  struct sockaddr_in loopback = *(const struct sockaddr_in *)addr;
  loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return real(fd, (struct sockaddr *)&loopback, size);
}
