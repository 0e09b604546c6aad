using System.Text.Json.Nodes;
using Ambient.Compile.Sources;
using Ambient.Core.Workloads;

namespace Ambient.Operator.Watching;

/// <summary>
/// Which pods are on which node under which service account, and which of them are enrolled: what the CA decides by. Written by the
/// watch of pods and by the indexer, read by the certificate endpoint.
/// </summary>
internal sealed class PodRoster
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, PodFacts> _byUid = new(StringComparer.Ordinal);
    private readonly Dictionary<ObjectKey, string> _uids = [];
    private readonly Dictionary<Place, HashSet<string>> _places = [];
    private readonly HashSet<string> _enrolled = new(StringComparer.Ordinal);

    public void Put(ObjectKey key, JsonObject pod)
    {
        PodFacts? facts = PodFacts.Of(pod);
        lock (_lock)
        {
            Take(key);
            if (facts is not null)
            {
                _uids[key] = facts.Uid;
                _byUid[facts.Uid] = facts;
                if (!_places.TryGetValue(PlaceOf(facts), out HashSet<string>? pods))
                {
                    _places.Add(PlaceOf(facts), pods = new HashSet<string>(StringComparer.Ordinal));
                }

                pods.Add(facts.Uid);
            }
        }
    }

    public void Remove(ObjectKey key)
    {
        lock (_lock)
        {
            Take(key);
        }
    }

    public void Enrol(IEnumerable<PodEnrolment> changed, IEnumerable<string> removed)
    {
        lock (_lock)
        {
            foreach (PodEnrolment pod in changed)
            {
                if (pod.Enrolled)
                {
                    _enrolled.Add(pod.PodUid);
                }
                else
                {
                    _enrolled.Remove(pod.PodUid);
                }
            }

            foreach (string uid in removed)
            {
                _enrolled.Remove(uid);
            }
        }
    }

    public PodFacts? Find(string uid)
    {
        lock (_lock)
        {
            return _byUid.GetValueOrDefault(uid);
        }
    }

    /// <summary>An enrolled pod of that account, scheduled to that node and not at its end.</summary>
    public bool HasEnrolled(string node, string @namespace, string serviceAccount)
    {
        lock (_lock)
        {
            return node.Length > 0 && _places.TryGetValue(new Place(node, @namespace, serviceAccount), out HashSet<string>? pods)
                && pods.Any(uid => _enrolled.Contains(uid) && !_byUid[uid].Finished);
        }
    }

    private void Take(ObjectKey key)
    {
        if (_uids.Remove(key, out string? uid) && _byUid.Remove(uid, out PodFacts? old)
            && _places.TryGetValue(PlaceOf(old), out HashSet<string>? pods) && pods.Remove(uid) && pods.Count == 0)
        {
            _places.Remove(PlaceOf(old));
        }
    }

    private static Place PlaceOf(PodFacts pod) => new(pod.Node, pod.Namespace, pod.ServiceAccount);

    private readonly record struct Place(string Node, string Namespace, string ServiceAccount);
}
