/** RFC 6396 section 4. */
export const mrtType = { tableDumpV2: 13, bgp4mp: 16, bgp4mpEt: 17 } as const;

/** RFC 6396 4.3, RFC 8050 section 4 (add-path). */
export const tableDumpSubtype = {
  peerIndexTable: 1,
  ribIpv4Unicast: 2,
  ribIpv6Unicast: 4,
  ribIpv4UnicastAddPath: 8,
  ribIpv6UnicastAddPath: 10,
} as const;

/** RFC 6396 4.4, RFC 8050 section 3 (add-path). */
export const bgp4mpSubtype = {
  stateChange: 0,
  message: 1,
  messageAs4: 4,
  stateChangeAs4: 5,
  messageAddPath: 8,
  messageAs4AddPath: 9,
} as const;
