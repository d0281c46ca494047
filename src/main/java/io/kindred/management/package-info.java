/**
 * Management: how a node is watched and told what to do over HTTP.
 *
 * <p>Pekko Management owns the port. It brings {@code /alive}, {@code /ready}, {@code
 * /cluster/members/} and the contact points of Cluster Bootstrap; {@link
 * io.kindred.management.KindredRoutes} adds {@code /kindred/v1/}. Its pages are records of this
 * package (their names end in <em>Page</em>), written by {@link io.kindred.management.Json}; the
 * command line reads them back into the same records. Fields are in camel case and carry their
 * unit. What fails is told as a {@link io.kindred.management.Problem}: what, where, what to do.
 *
 * <p>Any node answers for the whole cluster: ring and phases from its own view, the rest by asking
 * the others ({@link io.kindred.management.Sources}). Who does not answer in time is shown without
 * figures; a page never waits for the slowest for longer than its deadline.
 *
 * <p>Invariant: {@code /ready} is 200 exactly while this node serves clients, so a load balancer
 * that follows it never sends a client to a copy that is not proven complete. {@code /alive} says
 * only that the process answers: a node that warms up must not be restarted for that.
 *
 * <p>Who may change things: there is no authentication yet. Management listens on a loopback
 * address unless configured otherwise; then reading is open to whoever reaches the port, and
 * changing stays limited to requests from the machine itself (from inside the pod). A change must
 * be sent as {@code application/json}, which a page in a browser cannot do across origins.
 *
 * <p>Decided: {@code Sources} is an interface, so that pages are tested without a cluster.
 * Rejected: to let {@code route-providers-read-only = off} allow our changes, since it also lets
 * anybody down a node by {@code PUT /cluster/members/}, which would go past the ring.
 */
package io.kindred.management;
