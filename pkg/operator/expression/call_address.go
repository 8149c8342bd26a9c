package expression

import (
	"bytes"
	"net/netip"

	"github.com/kstream/kstream/pkg/record"
)

// inCIDR reports whether an address is in one of the networks. What is no address is in none, and counted as what an
// operator can't take.
func inCIDR(p *preparation) run {
	var networks []netip.Prefix
	for i := 1; i < len(p.parts); i++ {
		text, ok := p.written(i, "network", `"10.0.0.0/8"`)
		if !ok {
			return nil
		}
		network, ok := p.network(i, text)
		if !ok {
			return nil
		}
		networks = append(networks, network)
	}
	return func(f *Frame, args []record.Value) record.Value {
		address, ok := addressOf(args[0].Text)
		if !ok {
			return f.mismatch()
		}
		for _, n := range networks {
			if n.Contains(address) {
				return record.BoolValue(true)
			}
		}
		return record.BoolValue(false)
	}
}

// network reads 10.0.0.0/8, 2001:db8::/32, or an address for itself alone.
func (p *preparation) network(i int, text string) (netip.Prefix, bool) {
	if address, err := netip.ParseAddr(text); err == nil && address.Zone() == "" {
		address = address.Unmap()
		return netip.PrefixFrom(address, address.BitLen()), true
	}
	network, err := netip.ParsePrefix(text)
	switch {
	case err != nil:
		p.wrong(i, `such as: "10.0.0.0/8", "2001:db8::/32"`, "%q is no network", text)
		return netip.Prefix{}, false
	case network != network.Masked():
		p.wrong(i, "did you mean "+network.Masked().String()+"?", "%s has an address beyond its %d bits", text, network.Bits())
		return netip.Prefix{}, false
	}
	return network, true
}

// addressOf reads an address of either version; one of version 4 that is written as one of version 6 is one of version 4.
func addressOf(text []byte) (a netip.Addr, ok bool) {
	if bytes.IndexByte(text, ':') < 0 {
		return fourOf(text)
	}
	const longest = len("0000:0000:0000:0000:0000:ffff:255.255.255.255%") + 16 // and a zone
	if len(text) > longest {
		return netip.Addr{}, false
	}
	a, err := netip.ParseAddr(string(text))
	return a.Unmap().WithZone(""), err == nil
}

// fourOf reads 192.0.2.1: most addresses are such, and netip would have a string made of each.
func fourOf(text []byte) (a netip.Addr, ok bool) {
	var four [4]byte
	part, value, digits := 0, 0, 0
	for _, c := range text {
		switch {
		case '0' <= c && c <= '9' && (digits == 0 || value > 0):
			if value = 10*value + int(c-'0'); value > 255 {
				return netip.Addr{}, false
			}
			digits++
		case c == '.' && digits > 0 && part < 3:
			four[part] = byte(value)
			part, value, digits = part+1, 0, 0
		default:
			return netip.Addr{}, false
		}
	}
	four[part] = byte(value)
	return netip.AddrFrom4(four), part == 3 && digits > 0
}
