using Ambient.Core.Identity;
using Ambient.Discovery;
using Ambient.Discovery.Subscribing;
using Ambient.Hbone.Transport;
using Ambient.Identity.Issuing;
using Ambient.Identity.Renewal;
using Ambient.Identity.Svids;
using Ambient.Proxy.Hosting;
using Ambient.Proxy.Mesh;
using Ambient.Waypoint.Mesh;
using Ambient.Waypoint.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Hosting;

/// <summary>What the process consists of, put together but not started.</summary>
internal sealed record WaypointParts
{
    public required WaypointContext Context { get; init; }

    public required IMeshSource Source { get; init; }

    public required MeshView View { get; init; }

    public required SvidManager Svids { get; init; }

    public required MeshKeeper MeshKeeper { get; init; }

    /// <summary>Null when certificates are not kept.</summary>
    public required CertificateKeeper? CertificateKeeper { get; init; }

    /// <param name="config">Says where mesh and certificates come from.</param>
    /// <param name="source">Instead of that.</param>
    internal static WaypointParts Make(
        WaypointConfig config, LineLogger loggers, TextWriter accessLog, TimeProvider time, Func<IMeshUpdateSink, IMeshSource>? source = null)
    {
        Directory.CreateDirectory(config.StateDirectory);
        ILogger log = loggers.CreateLogger("ambient.state");
        var view = new MeshView(time);
        var mesh = new WaypointMesh(view, config.WorkloadUid, config.Gateway, log);
        var keeper = new MeshKeeper(config.StateDirectory, view, time, log);
        var sink = new MeshSink(view, keeper.Load(), TypeUrls.Waypoint);
        CertificateKeeper? certificates = CertificateKeeper.Open(config.CertificateFile, time, log);
        OperatorSource? remote = (config.LocalConfig is null && source is null) || config.LocalCa is null
            ? new OperatorSource(AddressOf(config), sink, time, loggers)
            : null;
        ICertificateIssuer issuer = config.LocalCa is { } directory ? LocalAuthority.Load(directory, time) : remote!;
        var svids = new SvidManager(
            issuer,
            new SvidManagerOptions { Lifetime = config.CertificateLifetime, Kept = certificates?.Load() ?? new Dictionary<SpiffeId, Svid>() },
            time,
            loggers.CreateLogger<SvidManager>());
        certificates?.Follow(svids);
        var telemetry = new RequestTelemetry(config, accessLog, time);
        mesh.Changed += telemetry.Follow;
        return new WaypointParts
        {
            Context = new WaypointContext
            {
                Config = config,
                Mesh = mesh,
                Svids = svids,
                Transport = MeshTransport.Create(config.Transport, time),
                Telemetry = telemetry,
                Time = time,
                Loggers = loggers,
            },
            Source = source is not null ? source(sink)
                : config.LocalConfig is { } path ? new LocalSource(path, sink, time, loggers.CreateLogger("ambient.local")) : remote!,
            View = view,
            Svids = svids,
            MeshKeeper = keeper,
            CertificateKeeper = certificates,
        };
    }

    private static OperatorAddress AddressOf(WaypointConfig config) => new()
    {
        Address = config.XdsAddress,
        TokenPath = config.TokenPath,
        RootCertPath = config.RootCertPath,
        Role = "waypoint",
        Types = TypeUrls.Waypoint,
        PodAddress = config.PodAddress,
        PodName = config.PodName,
        PodNamespace = config.PodNamespace,
        NodeName = config.NodeName,
        ClusterId = config.ClusterId,
    };
}
