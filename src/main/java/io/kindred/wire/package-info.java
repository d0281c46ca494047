/** What crosses nodes, and how what is larger than a frame crosses in fragments. */
package io.kindred.wire;
