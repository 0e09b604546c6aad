namespace Ambient.Waypoint.Listening.Gateways.Datagrams;

/// <summary>What bounds the sessions of a gateway. A datagram's sender is whoever it says it is, so the table must bear anybody.</summary>
internal sealed record DatagramLimits
{
    /// <summary>Of the whole process.</summary>
    internal int Most { get; init; } = 8192;

    /// <summary>Of one port.</summary>
    internal int MostOfPort { get; init; } = 4096;

    /// <summary>Of one client address at one port.</summary>
    internal int MostOfAddress { get; init; } = 1024;

    /// <summary>Without a datagram either way, a session ends.</summary>
    internal TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(60);
}
