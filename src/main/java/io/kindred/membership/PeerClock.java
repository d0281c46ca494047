package io.kindred.membership;

import io.kindred.ring.NodeId;
import java.util.Optional;

/**
 * Another node's clock as this node sees it.
 *
 * @param offset from this node's; empty until its pulses have echoed ours
 * @param fenced whether it says that it refuses its clients' writes because of its clock
 */
public record PeerClock(NodeId node, Optional<ClockOffset> offset, boolean fenced) {}
