using System.Net;
using System.Net.Sockets;
using Ambient.Kube.Emulator.Nodes;
using Microsoft.Extensions.Logging;

namespace Ambient.Kube.Emulator;

/// <summary>What an <see cref="EmulatedApiServer"/> is started with. Everything has a default; with none, it listens on 127.0.0.1, port chosen by the kernel.</summary>
public sealed record EmulatorOptions
{
    /// <summary>Addresses to bind; port 0 lets the kernel choose. Used beside <see cref="ListenSockets"/>.</summary>
    public IReadOnlyList<IPEndPoint> Endpoints { get; init; } = [];

    /// <summary>Bound TCP sockets (listening or not), opened before the process entered its namespaces. The server owns and disposes them.</summary>
    public IReadOnlyList<Socket> ListenSockets { get; init; } = [];

    /// <summary>DNS names and IP addresses of the serving certificate, besides localhost, the listen addresses and kubernetes.default.svc.</summary>
    public IReadOnlyList<string> SubjectNames { get; init; } = [];

    /// <summary>Folders of YAML or JSON files with CustomResourceDefinitions to load at start; files are read in name order.</summary>
    public IReadOnlyList<string> CrdDirectories { get; init; } = [];

    /// <summary>Answers logs and exec for pods; null refuses both with 503.</summary>
    public INodeAgent? NodeAgent { get; init; }

    /// <summary>Address that the Service <c>default/kubernetes</c> leads to; null leaves its endpoints empty.</summary>
    public IPEndPoint? AdvertisedAddress { get; init; }

    /// <summary>Range of ClusterIPs; the first address belongs to <c>default/kubernetes</c>. Null where the cluster has no IPv4.</summary>
    public IPNetwork? ServiceCidr { get; init; } = IPNetwork.Parse("10.96.0.0/16");

    /// <summary>Second range of ClusterIPs; null where the cluster has no IPv6.</summary>
    public IPNetwork? ServiceCidr6 { get; init; }

    /// <summary>Issuer of service account tokens and their default audience.</summary>
    public string TokenIssuer { get; init; } = "https://kubernetes.default.svc.cluster.local";

    /// <summary>What /version reports, without the leading v: kubectl compares it with its own.</summary>
    public string KubernetesVersion { get; init; } = "1.32.4";

    /// <summary>How many past changes a watch can resume from; older resource versions get 410 Expired.</summary>
    public int WatchHistory { get; init; } = 8192;

    /// <summary>How many watches may be open at once; more get 429.</summary>
    public int MaxWatches { get; init; } = 4096;

    /// <summary>How often a watch that asked for bookmarks gets one.</summary>
    public TimeSpan BookmarkInterval { get; init; } = TimeSpan.FromSeconds(60);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Null logs nothing.</summary>
    public ILoggerFactory? Logging { get; init; }
}
