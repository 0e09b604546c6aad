namespace Ambient.Hbone.Relay;

/// <summary>Where and how a direction broke.</summary>
/// <param name="AtReader">The side that was read from, otherwise the side that was written to.</param>
/// <param name="Exception">What it threw.</param>
internal sealed record RelayFault(bool AtReader, Exception Exception);
