package io.kindred.ring;

/**
 * A ring that was formed by an operator's word after a majority of the voters was lost, instead of
 * being decided by one.
 *
 * @param id drawn at random: tells two recoveries of the same ring apart
 * @param after the epoch of the ring that was recovered: what others decided beyond it is not in
 *     the recovered one
 */
public record Recovery(long id, long after) {}
