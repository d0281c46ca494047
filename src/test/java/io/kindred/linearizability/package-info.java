/**
 * Whether what clients saw could have come from one copy that does one command at a time: the
 * search of Wing and Gong (1993) with the memory of Lowe (2017), for models of one key.
 */
package io.kindred.linearizability;
