using Ambient.Core;

namespace Ambient.Discovery.Publishing;

/// <summary>
/// What one stream wants of one type, and how far it is. What is to be sent is a set of names, not a queue of messages: a slow receiver gets the
/// newest state of each, once. Guarded by the publisher's lock.
/// </summary>
internal sealed class Subscription(string typeUrl, Caller caller)
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public string TypeUrl { get; } = typeUrl;

    public bool Wildcard { get; set; }

    public HashSet<string> Dirty { get; } = new(StringComparer.Ordinal);

    /// <summary>The first response goes out even when it is empty: the receiver waits for it to know that it has everything.</summary>
    public bool OwesFirst { get; set; }

    /// <summary>Of the response that is not answered yet; the next one waits for the answer.</summary>
    public string? PendingNonce { get; set; }

    public string SentVersion { get; set; } = "";

    public string AckedVersion { get; set; } = "";

    public string? LastNack { get; set; }

    public int NameCount => _names.Count;

    public bool Ready => PendingNonce is null && (OwesFirst || Dirty.Count > 0);

    public bool MaySee(PublishedResource resource) =>
        (resource.Node is null || (caller.Node.Length > 0 && string.Equals(resource.Node, caller.Node, StringComparison.Ordinal)))
        && (resource.OnlyFor is not { } only || (only.Name.Length > 0 && only == new NamespacedName(caller.Namespace, caller.ServiceAccount)));

    /// <summary>Begins to follow everything; what the receiver still has in the same version is left out.</summary>
    public void FollowAll(PublishedType type, IDictionary<string, string> retained)
    {
        Wildcard = true;
        foreach (PublishedResource resource in type.All)
        {
            if (MaySee(resource) && !(retained.TryGetValue(resource.Name, out string? version) && version == resource.Version))
            {
                Dirty.Add(resource.Name);
            }
        }
    }

    /// <summary>What the receiver has and may not keep: gone, or meant for others.</summary>
    public void DropStale(PublishedType type, IDictionary<string, string> retained)
    {
        foreach (string name in retained.Keys)
        {
            if (type.Find(name) is not { } resource || !MaySee(resource))
            {
                Dirty.Add(name);
            }
        }
    }

    /// <summary>Begins to follow one key. A key that leads nowhere is answered as removed, and followed for the day it appears.</summary>
    public void Follow(string key, PublishedType type, IDictionary<string, string> retained)
    {
        _names.Add(key);
        string[] found = [.. type.Resolve(key)];
        if (found.Length == 0)
        {
            Dirty.Add(key);
        }

        foreach (string name in found)
        {
            if (!(retained.TryGetValue(name, out string? version) && version == type.Find(name)?.Version))
            {
                Dirty.Add(name);
            }

            // A service that is asked for by address is followed by its name, under which its workloads stand.
            if (!_names.Contains(name))
            {
                Follow(name, type, retained);
            }
        }
    }

    public void Unfollow(string key) => _names.Remove(key);

    /// <returns>True when the change is now waiting to be sent.</returns>
    public bool Notice(in ResourceChange change, PublishedType type)
    {
        bool visible = (change.Before is { } before && MaySee(before)) || (change.After is { } after && MaySee(after));
        if (!visible || !(Wildcard || Follows(change)))
        {
            return false;
        }

        Dirty.Add(change.Name);
        if (!Wildcard && change.After is not null && !_names.Contains(change.Name))
        {
            Follow(change.Name, type, new Dictionary<string, string>());
        }

        return true;
    }

    private bool Follows(in ResourceChange change) => _names.Contains(change.Name) || Leads(change.Before) || Leads(change.After);

    private bool Leads(PublishedResource? resource) =>
        resource is not null && (resource.Aliases.Any(_names.Contains) || resource.Owners.Any(_names.Contains));
}
