namespace Ambient.Resources.Schemas;

/// <summary>CustomResourceDefinitions made from the C# types.</summary>
public static class CrdManifests
{
    /// <summary>File name (<c>security.istio.io_authorizationpolicies.yaml</c>) and YAML text of every CRD, sorted by name.</summary>
    public static IReadOnlyDictionary<string, string> All() => throw new NotImplementedException();

    /// <summary>Writes <see cref="All"/> and removes other <c>*.yaml</c> files of the directory.</summary>
    public static void Write(string directory) => throw new NotImplementedException();
}
