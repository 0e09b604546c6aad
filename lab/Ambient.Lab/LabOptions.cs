using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Ambient.Lab;

/// <summary>What a <see cref="LabCluster"/> is started with; everything has a default.</summary>
public sealed record LabOptions
{
    /// <summary>How many nodes, 1 to 16.</summary>
    public int Nodes { get; init; } = 2;

    public AddressFamilies Families { get; init; } = AddressFamilies.IPv4;

    /// <summary>Where <c>kubeconfig</c> (mode 0600) is written; null: a folder in the lab's own tmpfs.</summary>
    public string? StateDirectory { get; init; }

    /// <summary>Listening socket of the API server, opened before the namespaces were entered; null: 127.0.0.1, any port, in the present netns.</summary>
    public Socket? ApiSocket { get; init; }

    /// <summary>The build output that image names lead into (the folder that holds <c>bin/</c>); null: found from this program's own path.</summary>
    public string? ArtifactsDirectory { get; init; }

    /// <summary>More images: name without tag → absolute path of a program.</summary>
    public IReadOnlyDictionary<string, string> Images { get; init; } = new Dictionary<string, string>();

    /// <summary>Starts operator, ztunnel and CNI plugin (namespace <c>ambient-system</c>) from the built programs.</summary>
    public bool Mesh { get; init; }

    /// <summary>Folders with CustomResourceDefinitions; null: <c>charts/ambient/crds</c> of the source tree where there is one.</summary>
    public IReadOnlyList<string>? CrdDirectories { get; init; }

    /// <summary>Log lines of operator and ztunnel start at this level.</summary>
    public string MeshLogLevel { get; init; } = "information";

    public int OperatorReplicas { get; init; } = 1;

    /// <summary>More environment variables for the operator.</summary>
    public IReadOnlyDictionary<string, string> OperatorEnvironment { get; init; } = new Dictionary<string, string>();

    /// <summary>More environment variables for the ztunnels.</summary>
    public IReadOnlyDictionary<string, string> ZtunnelEnvironment { get; init; } = new Dictionary<string, string>();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Null logs nothing.</summary>
    public ILoggerFactory? Logging { get; init; }
}
