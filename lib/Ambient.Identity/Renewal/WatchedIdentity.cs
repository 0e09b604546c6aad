using Ambient.Core.Identity;
using Ambient.Identity.Svids;

namespace Ambient.Identity.Renewal;

/// <summary>What is known of one identity. Owned by <see cref="SvidManager"/>; every member is read and written under its lock.</summary>
internal sealed class WatchedIdentity(SpiffeId id)
{
    public SpiffeId Id { get; } = id;

    public Svid? Current { get; set; }

    public int Failures { get; set; }

    public string? LastError { get; set; }

    /// <summary>Null while queued or being fetched.</summary>
    public DateTimeOffset? NextAttempt { get; set; }

    public ITimer? Timer { get; set; }

    public bool Fetching { get; set; }

    /// <summary>Priority with which it stands in the queue; null when it does not.</summary>
    public SvidPriority? Queued { get; set; }

    /// <summary>A late answer for a forgotten identity is dropped, even when it is watched anew by then.</summary>
    public bool Forgotten { get; set; }

    /// <summary>Connections that wait for the next outcome share this.</summary>
    public TaskCompletionSource<Svid>? Waiters { get; set; }

    public SvidStatus StatusAt(DateTimeOffset now)
    {
        bool valid = Current?.IsValidAt(now) == true;
        SvidState state = valid ? SvidState.Available : LastError is null ? SvidState.Initializing : SvidState.Unavailable;
        return new SvidStatus(Id, state, Current?.SerialNumber, Current?.NotBefore, Current?.NotAfter, NextAttempt, Failures, LastError);
    }
}
