using System.Globalization;
using System.Text;
using Ambient.Compile.Workloads;

namespace Ambient.Compile.Index;

/// <summary>
/// Workloads of one namespace that have the same of the labels and values that policies select by are one class: what applies to them is
/// found once. A change of policies forgets the classes that it can touch.
/// </summary>
internal sealed class PolicyClasses(MeshIndex index)
{
    /// <summary>Of one namespace: labels with a value for each pod, such as a StatefulSet's, must not fill memory.</summary>
    private const int Most = 4096;

    private readonly Dictionary<string, Dictionary<string, ApplicablePolicies>> _classes = new(StringComparer.Ordinal);
    private readonly StringBuilder _name = new();

    public ApplicablePolicies Of(string @namespace, IReadOnlyDictionary<string, string> labels)
    {
        // Policies at objects look at more than labels.
        if (index.Targeted[@namespace].Count > 0)
        {
            return ApplicablePolicies.Of(index, @namespace, labels);
        }

        if (!_classes.TryGetValue(@namespace, out var classes))
        {
            _classes[@namespace] = classes = new Dictionary<string, ApplicablePolicies>(StringComparer.Ordinal);
        }

        string name = NameOf(@namespace, labels);
        if (!classes.TryGetValue(name, out var applicable))
        {
            if (classes.Count >= Most)
            {
                classes.Clear();
            }

            classes[name] = applicable = ApplicablePolicies.Of(index, @namespace, labels);
        }

        return applicable;
    }

    /// <summary>A policy of this namespace came, went or changed.</summary>
    public void Forget(string @namespace)
    {
        if (index.Options.IsRoot(@namespace))
        {
            _classes.Clear();
        }
        else
        {
            _classes.Remove(@namespace);
        }
    }

    // Lengths make it unambiguous, whatever a label holds.
    private string NameOf(string @namespace, IReadOnlyDictionary<string, string> labels)
    {
        _name.Clear();
        foreach (var (label, value) in labels)
        {
            if (Matters(@namespace, label, value))
            {
                _name.Append(CultureInfo.InvariantCulture, $"{label.Length},{value.Length}:").Append(label).Append(value);
            }
        }

        return _name.ToString();
    }

    private bool Matters(string @namespace, string label, string value)
    {
        if (Names(@namespace, label, value))
        {
            return true;
        }

        foreach (string root in index.Options.RootNamespaces)
        {
            if (Names(root, label, value))
            {
                return true;
            }
        }

        return false;
    }

    private bool Names(string @namespace, string label, string value) =>
        index.AuthorizationSelectors.Names(@namespace, label, value) || index.PeerSelectors.Names(@namespace, label, value)
        || index.TokenSelectors.Names(@namespace, label, value);
}
