using Ambient.Core;
using Ambient.Discovery;
using Ambient.Discovery.Subscribing;

namespace Ambient.Ztunnel.Mesh;

/// <summary>
/// From the discovery stream to the view. The first answer of a type is the whole state of it: enrolments that were only remembered
/// from disk and that the operator did not confirm are dropped then.
/// </summary>
internal sealed class MeshSink(MeshView view, IEnumerable<string> remembered) : IMeshUpdateSink
{
    private readonly HashSet<string> _unconfirmed = [.. remembered];
    private readonly HashSet<string> _synced = [];

    public IReadOnlyList<Rejection> Apply(MeshUpdate update)
    {
        _unconfirmed.ExceptWith(update.Enrolments.Select(e => e.PodUid));
        view.Apply(update);
        return [];
    }

    public void Synced(string typeUrl)
    {
        if (typeUrl == TypeUrls.Enrolment && _unconfirmed.Count > 0)
        {
            view.Apply(MeshUpdate.Empty with { RemovedEnrolments = [.. _unconfirmed] });
            _unconfirmed.Clear();
        }

        _synced.Add(typeUrl);
        if (_synced.IsSupersetOf(TypeUrls.Istio))
        {
            view.MarkReady();
        }
    }
}
