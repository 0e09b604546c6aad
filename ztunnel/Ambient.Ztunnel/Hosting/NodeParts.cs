using Ambient.Core.Identity;
using Ambient.Discovery;
using Ambient.Hbone.Transport;
using Ambient.Identity.Issuing;
using Ambient.Identity.Renewal;
using Ambient.Identity.Svids;
using Ambient.Proxy.Hosting;
using Ambient.Proxy.Mesh;
using Ambient.Ztunnel.Capture;
using Ambient.Ztunnel.Enrolment;
using Ambient.Ztunnel.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Hosting;

/// <summary>What a node's proxy consists of, put together but not started.</summary>
internal sealed record NodeParts
{
    public required NodeContext Context { get; init; }

    public required IMeshSource Source { get; init; }

    public required SvidManager Svids { get; init; }

    public required MeshKeeper MeshKeeper { get; init; }

    /// <summary>Null when certificates are not kept.</summary>
    public required CertificateKeeper? CertificateKeeper { get; init; }

    public required PodStarter Starter { get; init; }

    public required PodManager Pods { get; init; }

    internal static NodeParts Make(ZtunnelConfig config, LineLogger loggers, TextWriter accessLog, TimeProvider time)
    {
        Directory.CreateDirectory(config.StateDirectory);
        ILogger log = loggers.CreateLogger("ambient.state");
        var store = new PodStore(config.StateDirectory, log);
        var mesh = new MeshView(time);
        var keeper = new MeshKeeper(config.StateDirectory, mesh, time, log);
        var sink = new MeshSink(mesh, keeper.Load(), TypeUrls.Ztunnel);
        CertificateKeeper? certificates = CertificateKeeper.Open(config.CertificateFile, time, log);
        (IMeshSource source, ICertificateIssuer issuer) = SourceOf(config, sink, time, loggers);
        var svids = new SvidManager(
            issuer,
            new SvidManagerOptions { Lifetime = config.CertificateLifetime, Kept = certificates?.Load() ?? new Dictionary<SpiffeId, Svid>() },
            time,
            loggers.CreateLogger<SvidManager>());
        certificates?.Follow(svids);
        var metrics = new MeshMetrics();
        var context = new NodeContext
        {
            Config = config,
            Marks = NodeMarks.LoadOrCreate(config.StateDirectory),
            Mesh = mesh,
            Svids = svids,
            Metrics = metrics,
            AccessLog = new AccessLog(config.JsonLog, accessLog, time, metrics.Node),
            Transport = MeshTransport.Create(config.Transport, time),
            Time = time,
            Loggers = loggers,
        };
        var starter = new PodStarter(context, new IdentityUse(svids, () => certificates?.Wake()));
        return new NodeParts
        {
            Context = context,
            Source = source,
            Svids = svids,
            MeshKeeper = keeper,
            CertificateKeeper = certificates,
            Starter = starter,
            Pods = new PodManager(context, starter, store),
        };
    }

    private static (IMeshSource Source, ICertificateIssuer Issuer) SourceOf(
        ZtunnelConfig config, MeshSink sink, TimeProvider time, LineLogger loggers)
    {
        OperatorSource? remote = config.LocalConfig is null || config.LocalCa is null
            ? new OperatorSource(AddressOf(config), sink, time, loggers)
            : null;
        IMeshSource source = config.LocalConfig is { } path
            ? new LocalSource(path, sink, time, loggers.CreateLogger("ambient.local"))
            : remote!;
        ICertificateIssuer issuer = config.LocalCa is { } directory ? LocalAuthority.Load(directory, time) : remote!;
        return (source, issuer);
    }

    private static OperatorAddress AddressOf(ZtunnelConfig config) => new()
    {
        Address = config.XdsAddress,
        TokenPath = config.TokenPath,
        RootCertPath = config.RootCertPath,
        Role = "ztunnel",
        Types = TypeUrls.Ztunnel,
        PodAddress = config.PodAddress,
        PodName = config.PodName,
        PodNamespace = config.PodNamespace,
        NodeName = config.NodeName,
        ClusterId = config.ClusterId,
    };
}
