/**
 * The ring's actors: {@link io.kindred.membership.actor.RingKeeper} and its voter and proposers.
 */
package io.kindred.membership.actor;
