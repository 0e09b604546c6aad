using Ambient.Operator.Issuing;
using Ambient.Operator.Watching;

namespace Ambient.Operator.Admin;

/// <summary>Ready once every kind is known, a CA is in force and proxies are served; it stays so when the API server goes away.</summary>
internal sealed class Readiness(MeshWatches watches, AuthorityKeeper authority)
{
    private volatile bool _serving;

    /// <summary>The first state is published and the discovery port is open.</summary>
    public void Serving() => _serving = true;

    public void Stopping() => _serving = false;

    /// <summary>Null when ready.</summary>
    public string? WhyNot()
    {
        if (watches.Kinds.FirstOrDefault(k => !k.Reflector.HasSynced) is { } kind)
        {
            return $"waiting for the first list of {kind.Kind.Kind}";
        }

        if (authority.Current is null)
        {
            return authority.Problem ?? "waiting for the CA";
        }

        return _serving ? null : "not serving proxies";
    }
}
