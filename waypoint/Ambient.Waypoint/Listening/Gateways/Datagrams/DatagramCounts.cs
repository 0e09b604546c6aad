namespace Ambient.Waypoint.Listening.Gateways.Datagrams;

/// <summary>Of one port, since it was opened.</summary>
internal sealed class DatagramCounts
{
    internal long Received;
    internal long Answered;

    /// <summary>No session could be begun for want of room.</summary>
    internal long Full;

    /// <summary>Policy, routes or endpoints say no.</summary>
    internal long Refused;

    /// <summary>The system did not take a datagram.</summary>
    internal long Lost;
}
