using Ambient.Core.Services;
using Ambient.Core.Workloads;

namespace Ambient.Core.Egress;

/// <summary>
/// What one workload sees when it calls out. Where others may be called too, hidden services can be called as well, as they are: to pass them
/// on without the mesh would only weaken them.
/// </summary>
public readonly struct EgressView
{
    private readonly EgressVisibility? _listening;
    private readonly EgressVisibility? _deciding;

    private EgressView(EgressVisibility? listening, EgressVisibility? deciding, bool allowsOthers, string? missing)
    {
        _listening = listening;
        _deciding = deciding;
        AllowsOthers = allowsOthers;
        Missing = missing;
    }

    /// <summary>Destinations that nobody declared, or that are hidden, may be called.</summary>
    public bool AllowsOthers { get; }

    /// <summary>Set when what the workload names has not arrived: nothing may be called until it has.</summary>
    public string? Missing { get; }

    public static EgressView Of(MeshSnapshot snapshot, Workload source)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(source);
        if (source.Egress == Workload.SeesAll)
        {
            return new EgressView(null, null, snapshot.Settings.AllowUnknownOutbound, null);
        }

        EgressVisibility? own = null;
        if (source.Egress is { } key && (own = snapshot.Find<EgressVisibility>(key)) is null)
        {
            return new EgressView(null, null, false, $"what {source.Uid} may call is said by {key}, which has not arrived");
        }

        if (snapshot.VersionOf<EgressVisibility>() == 0)
        {
            return new EgressView(null, null, snapshot.Settings.AllowUnknownOutbound, null);
        }

        EgressVisibility? ofNamespace = snapshot.Find<EgressVisibility>(EgressVisibility.OfNamespace(source.Namespace));
        EgressVisibility? ofMesh = snapshot.Find<EgressVisibility>(EgressVisibility.OfMesh);
        EgressVisibility? listening = Says(own) ?? Says(ofNamespace) ?? Says(ofMesh);
        EgressVisibility? deciding = own?.AllowOthers is not null ? own : ofNamespace?.AllowOthers is not null ? ofNamespace : ofMesh?.AllowOthers is not null ? ofMesh : null;
        return new EgressView(listening, deciding, deciding?.AllowOthers ?? snapshot.Settings.AllowUnknownOutbound, null);
    }

    /// <summary>Why what nobody declared may not be called; null when it may.</summary>
    public string? AgainstOthers => Missing ?? (AllowsOthers ? null : $"{Decider} lets only declared destinations out");

    /// <summary>Why a service may not be called on a port; null when it may.</summary>
    public string? Against(MeshService service, int port)
    {
        ArgumentNullException.ThrowIfNull(service);
        return Missing ?? (AllowsOthers || Sees(service.Namespace, service.Hostname, port) ? null : Hidden($"{service.Hostname} port {port}"));
    }

    /// <summary>Why a workload may not be called at its own address: it serves nothing that is seen.</summary>
    public string? Against(Workload workload, int port)
    {
        ArgumentNullException.ThrowIfNull(workload);
        if (Missing is not null || AllowsOthers || _listening is null)
        {
            return Missing;
        }

        foreach (string key in workload.Services.Keys)
        {
            int slash = key.IndexOf('/', StringComparison.Ordinal);
            if (Sees(key[..slash], key[(slash + 1)..], port))
            {
                return null;
            }
        }

        return Sees(workload.Namespace, "*", port) ? null : Hidden(workload.Uid);
    }

    private static EgressVisibility? Says(EgressVisibility? visibility) => visibility is { Listeners.IsEmpty: false } ? visibility : null;

    private bool Sees(string @namespace, string host, int port)
    {
        if (_listening is null)
        {
            return true;
        }

        EgressListener? all = null;
        foreach (EgressListener listener in _listening.Listeners)
        {
            if (listener.Port == port)
            {
                return listener.Sees(@namespace, host);
            }

            all = listener.Port == 0 ? listener : all;
        }

        return all is not null && all.Sees(@namespace, host);
    }

    private string Hidden(string what) =>
        $"{what} is not among what Sidecar {_listening?.Origin} shows, and {Decider} lets only that out";

    private string Decider => _deciding is null ? "the mesh" : $"Sidecar {_deciding.Origin}";
}
