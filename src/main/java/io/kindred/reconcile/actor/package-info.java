/**
 * Reconciliation's skin: the actors that carry {@link io.kindred.reconcile} out.
 *
 * <p>{@link io.kindred.reconcile.actor.Run} is one run from its first question to its report; a
 * warm-up's verification is the same actor by another plan. It asks nodes through {@link
 * io.kindred.reconcile.actor.Questions} and reads listings by {@link
 * io.kindred.reconcile.actor.Listing}; what a node lacks waits in its {@link
 * io.kindred.reconcile.actor.Outbox} until the feeds have caught up, and goes out by {@link
 * io.kindred.reconcile.actor.Delivery}.
 *
 * <p>{@link io.kindred.reconcile.actor.Reconciler} is the cluster's one engine: it starts runs and
 * remembers their reports.
 *
 * <p>Memory: of a run's listings one chunk a participant and the elements of one place; of its
 * recommendations a few MiB a target, the rest in a temporary file; one piece a target on its way.
 * A value of the largest size is in memory once a participant while its place is compared.
 *
 * <p>A node that does not answer a question in time is out of the run for good. The run goes on
 * with the rest. One that answers and only does not take what it lacks is compared on.
 */
package io.kindred.reconcile.actor;
