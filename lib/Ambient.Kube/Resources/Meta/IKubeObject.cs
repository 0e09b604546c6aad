namespace Ambient.Kube.Resources;

/// <summary>What every Kubernetes object has.</summary>
public interface IKubeObject
{
    /// <summary>Empty in items of a list; the client fills it in.</summary>
    string ApiVersion { get; }

    string Kind { get; }

    ObjectMeta Metadata { get; }
}
