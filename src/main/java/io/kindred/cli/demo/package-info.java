/**
 * A whole cluster on one machine: what the nodes of a demo are called, where they listen, where
 * their files lie, and their processes.
 *
 * <p>A demo lives in a folder: {@code demo.json} says how it was planned and which processes run,
 * {@code node-1.conf} holds a node's settings, {@code node-1/} its data, {@code node-1.log} what it
 * says. So several commands, in several terminals, can act on one demo, and a demo can be started
 * again with its data.
 *
 * <p>Invariant: a process is only ever signalled if its id <em>and</em> its start time are those
 * written down, so a number that the system has given to a stranger since is left alone.
 */
package io.kindred.cli.demo;
