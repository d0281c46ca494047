package io.kindred.management;

import io.kindred.reconcile.RunReport;
import java.util.List;

/** {@code GET /kindred/v1/reconciliations}: the newest first. */
public record ReconciliationsPage(List<RunReport> reconciliations) {}
