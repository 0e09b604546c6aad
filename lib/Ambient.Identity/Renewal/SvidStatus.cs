using Ambient.Core.Identity;

namespace Ambient.Identity.Renewal;

/// <summary>Where an identity's certificate stands.</summary>
public enum SvidState
{
    /// <summary>None yet; the first is being fetched.</summary>
    Initializing,

    /// <summary>Held and valid.</summary>
    Available,

    /// <summary>None that is valid, and the last attempt failed.</summary>
    Unavailable,
}

/// <param name="Id">Whose.</param>
/// <param name="State">Usable or not.</param>
/// <param name="SerialNumber">Hexadecimal; null when none is held.</param>
/// <param name="NotBefore">Null when none is held.</param>
/// <param name="NotAfter">Null when none is held.</param>
/// <param name="NextAttempt">When it is fetched next; null while a fetch is queued or runs.</param>
/// <param name="ConsecutiveFailures">Attempts that failed since the last success.</param>
/// <param name="LastError">Of the last attempt; null when it succeeded.</param>
public sealed record SvidStatus(
    SpiffeId Id,
    SvidState State,
    string? SerialNumber,
    DateTimeOffset? NotBefore,
    DateTimeOffset? NotAfter,
    DateTimeOffset? NextAttempt,
    int ConsecutiveFailures,
    string? LastError);
