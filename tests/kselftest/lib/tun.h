/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Mail without a topology: a tun device whose packets are forwarded back into
 * it. What is written to it crosses the router that this namespace is.
 */
#ifndef _TUN_H
#define _TUN_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define TUN_FORWARD							\
	"ip link set mail up && ip route add default dev mail && "	\
	"sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 "	\
	"net.ipv4.conf.mail.rp_filter=0"

/* Make the device, in the namespace where we are. Return: the file, or -1. */
static inline int tun_open(void)
{
	struct ifreq ifr = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	int tun;

	/* It may be built in: then there is nothing to be loaded. */
	if (system("modprobe -q tun") < 0)
		return -1;
	tun = open("/dev/net/tun", O_RDWR);
	strcpy(ifr.ifr_name, "mail");
	if (tun < 0 || ioctl(tun, TUNSETIFF, &ifr) || system(TUN_FORWARD))
		return -1;
	return tun;
}

static inline uint16_t tun_checksum(const void *data, size_t size)
{
	const uint8_t *byte = data;
	uint32_t sum = 0;
	size_t i;

	for (i = 0; i < size; i++)
		sum += i & 1 ? byte[i] : byte[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

/* A packet of mail, 40 bytes long, arrives from @src. */
static inline bool tun_send_mail(int tun, uint32_t src)
{
	struct {
		struct iphdr ip;
		struct tcphdr tcp;
	} packet = {
		.ip = {
			.version = 4, .ihl = 5, .ttl = 64,
			.tot_len = htons(sizeof(packet)),
			.protocol = IPPROTO_TCP,
			.saddr = htonl(src),
			.daddr = inet_addr("203.0.113.25"),
		},
		.tcp = {
			.source = htons(40000), .dest = htons(25),
			.doff = 5, .syn = 1,
		},
	};

	packet.ip.check = tun_checksum(&packet.ip, sizeof(packet.ip));
	return write(tun, &packet, sizeof(packet)) == sizeof(packet);
}

#endif /* _TUN_H */
