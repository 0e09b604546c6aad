namespace Ambient.Lab.Commands;

/// <summary>What a person can choose for <c>lab up</c> and <c>lab demo</c>.</summary>
public sealed record LabUpOptions
{
    /// <summary>Folder for kubeconfig, pid file and log; null: <c>$XDG_RUNTIME_DIR/ambient-lab</c>, else <c>/tmp/ambient-lab-UID</c>.</summary>
    public string? StateDirectory { get; init; }

    public int Nodes { get; init; } = 2;

    public AddressFamilies Families { get; init; } = AddressFamilies.IPv4;

    /// <summary>Port of the API server on 127.0.0.1; 0 lets the kernel choose.</summary>
    public int ApiPort { get; init; }

    /// <summary>With operator, ztunnel and CNI plugin.</summary>
    public bool Mesh { get; init; } = true;

    /// <summary>Return when ready, and leave the lab running.</summary>
    public bool Detach { get; init; } = true;
}
