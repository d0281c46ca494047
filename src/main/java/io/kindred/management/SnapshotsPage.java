package io.kindred.management;

import io.kindred.ring.NodeId;
import io.kindred.storage.actor.SnapshotStatus;

/** {@code GET /kindred/v1/snapshots}: those of the answering node alone. */
public record SnapshotsPage(NodeId node, SnapshotStatus snapshots) {}
