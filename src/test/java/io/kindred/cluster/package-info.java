/**
 * Cluster: real nodes, one process each, started as {@code bin/kindred} starts them, used by real
 * clients, and treated badly: killed, stopped, replaced, cut off by a {@link
 * io.kindred.faults.TcpFaultProxy}.
 *
 * <p>{@link io.kindred.cluster.DemoCluster} starts and ends them. Whatever a test wants to know it
 * asks as an operator or a client would, over the management port and the Redis protocol. Tests
 * here end in {@code IT} and are few, since each cluster costs seconds on a small machine; what can
 * be shown in one process is tested beside the code.
 */
package io.kindred.cluster;
