/**
 * Settings: {@code application.conf} read once, at start, into records. Each part of the node gets
 * only its slice. What a setting means, in which unit, what too low and too high cost, and whether
 * all nodes must agree, stands beside it in {@code application.conf}.
 */
package io.kindred.settings;
