/**
 * Faults: the means by which tests break what lies between two processes. A {@link
 * io.kindred.faults.TcpFaultProxy} stands in a link and can cut it, make it swallow everything, or
 * slow it down, and heal it again; the processes at both ends run unchanged.
 */
package io.kindred.faults;
