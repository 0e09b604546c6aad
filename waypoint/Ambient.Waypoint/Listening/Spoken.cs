namespace Ambient.Waypoint.Listening;

/// <summary>What the first bytes of a connection are.</summary>
internal enum Spoken
{
    /// <summary>More bytes are needed to tell.</summary>
    Undecided,
    Http1,
    Http2,
    Tls,

    /// <summary>None of these.</summary>
    Other,
}
