using Ambient.Compile.Index;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Gateways.Listeners;

/// <summary>Finds what a Gateway refers to for its TLS, and says why it cannot be used (Gateway API v1, ListenerConditionResolvedRefs).</summary>
/// <param name="namespace">Of who refers.</param>
/// <param name="kind">Of the Gateway API: what refers, as grants name it.</param>
/// <param name="dependencies">Gets all that was looked for, there or not.</param>
internal sealed class CertificateCheck(MeshIndex index, string @namespace, HashSet<ObjectKey> dependencies, string kind = "Gateway")
{
    /// <summary>A chain with its key, or the reason why not.</summary>
    public (SecretSource? Secret, string Reason, string Message) Certificate(ObjectRef r)
    {
        if ((r.Group, r.Kind) is not ("", KnownKinds.Secret))
        {
            return (null, "InvalidCertificateRef", $"{r.Path}: {r.Group}/{r.Kind} holds no certificate; name a Secret");
        }

        if (NotPermitted(r) is { } refused)
        {
            return (null, "RefNotPermitted", refused);
        }

        dependencies.Add(r.Key);
        return index.Secrets.Find(r.Key) is not { } secret ? (null, "InvalidCertificateRef", $"{r.Path}: there is no Secret {r.Namespace}/{r.Name}")
            : secret.PairProblem is { } problem ? (null, "InvalidCertificateRef", $"{r.Path}: Secret {r.Namespace}/{r.Name} {problem}")
            : (secret, "", "");
    }

    /// <summary>The certificates of an authority, PEM, or the reason why not.</summary>
    public (string? Pem, string Reason, string Message) Authority(ObjectRef r)
    {
        if ((r.Group, r.Kind) is not ("", KnownKinds.ConfigMap or KnownKinds.Secret))
        {
            return (null, "InvalidCACertificateKind", $"{r.Path}: {r.Group}/{r.Kind} holds no authority; name a ConfigMap");
        }

        if (NotPermitted(r) is { } refused)
        {
            return (null, "RefNotPermitted", refused);
        }

        dependencies.Add(r.Key);
        var (there, pem) = r.Kind == KnownKinds.ConfigMap
            ? (index.ConfigMaps.Find(r.Key) is not null, index.ConfigMaps.Find(r.Key)?.Authorities)
            : (index.Secrets.Find(r.Key) is not null, index.Secrets.Find(r.Key)?.Authorities);
        return !there ? (null, "InvalidCACertificateRef", $"{r.Path}: there is no {r.Kind} {r.Namespace}/{r.Name}")
            : PemCheck.AuthoritiesProblem(pem ?? "") is { } problem ? (null, "InvalidCACertificateRef", $"{r.Path}: {r.Kind} {r.Namespace}/{r.Name} {problem}")
            : (pem, "", "");
    }

    private string? NotPermitted(ObjectRef r)
    {
        if (r.Namespace == @namespace)
        {
            return null;
        }

        dependencies.Add(new ObjectKey(KnownKinds.Namespace, "", r.Namespace));
        return index.Grants.In(r.Namespace).Values.Any(g => g.Permits(kind, @namespace, r.Group, r.Kind, r.Name))
            ? null
            : $"{r.Path}: no ReferenceGrant in {r.Namespace} lets a {kind} of {@namespace} refer to {r.Kind} {r.Name}";
    }
}
