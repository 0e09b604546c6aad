using System.Text.Json.Nodes;
using Ambient.Compile.Gateways;
using Ambient.Compile.Gateways.Running;
using Ambient.Compile.Index;
using Ambient.Compile.Intake;
using Ambient.Compile.PeerAuthentication;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;
using Ambient.Core;

namespace Ambient.Compile;

/// <summary>
/// Keeps an index of what was put and recompiles what a change can touch, no more. One thread at a time; the owner flushes
/// when it wants a delta (it debounces, this does not).
/// <list type="number">
/// <item>Put or Remove: the object is narrowed, the index changed, dependants marked.</item>
/// <item>Flush: each marked object is compiled; what that marks in turn as well, until nothing is marked.</item>
/// <item>The outputs are compared with those before; the difference is the delta.</item>
/// </list>
/// </summary>
public sealed class IncrementalCompiler
{
    private static readonly ObjectKey Generated = new("", "", "");

    private readonly MeshIndex _index;
    private readonly DirtySet _dirty = new();
    private readonly ObjectIntake _intake;
    private readonly UnitCompiler _units;
    private readonly Published _published = new();
    private readonly Dictionary<ObjectKey, Finding> _faults = [];
    private readonly UnitOutput _generated;
    private MeshSettings? _given;

    public IncrementalCompiler(CompileOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _index = new MeshIndex(options);
        _intake = new ObjectIntake(_index, _dirty);
        _units = new UnitCompiler(_index, _dirty);
        _generated = new UnitOutput { Policies = [PeerPolicies.Static(options.RootNamespace)] };
        _dirty.Add(Generated);
    }

    /// <summary>Adds or replaces an object. A refused one leaves its last good version in force and says so.</summary>
    public void Put(JsonObject manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        if (KeyOf(manifest) is not { } key)
        {
            Fault(Generated, FindingCodes.InvalidObject, "", "an object needs apiVersion, kind and metadata.name, each a text");
            return;
        }

        try
        {
            _intake.Take(key, manifest);
            _faults.Remove(key);
        }
        catch (FieldException e)
        {
            Fault(key, FindingCodes.InvalidField, e.Path, $"{e.Message}; the last good version, if any, stays in force");
        }
        catch (Exception e) when (JsonView.IsUnreadable(e))
        {
            Fault(key, FindingCodes.InvalidObject, "", $"{JsonView.NotText}; the last good version, if any, stays in force");
        }
    }

    public void Remove(ObjectKey key)
    {
        _faults.Remove(key);
        _intake.Take(key, null);
    }

    /// <summary>Whoever makes what a Gateway needs says what went wrong; null when nothing did.</summary>
    public void Provisioned(string @namespace, string gateway, ProvisioningProblem? problem)
    {
        var key = new ObjectKey(KnownKinds.Gateway, @namespace, gateway);
        if (_index.Provisioning.GetValueOrDefault(key) == problem)
        {
            return;
        }

        if (problem is null)
        {
            _index.Provisioning.Remove(key);
        }
        else
        {
            _index.Provisioning[key] = problem;
        }

        _dirty.Add(key);
        _dirty.Add(_index.ListenerSetsOf[key]);
    }

    /// <summary>
    /// Secrets and ConfigMaps that what was compiled so far is made of, there or not: nobody need put others. After <see cref="Settle"/> it is that
    /// of all objects.
    /// </summary>
    public IReadOnlyCollection<ObjectKey> Wanted => [.. _index.Routing.Units.Wanted];

    /// <summary>Compiles what is dirty and returns the difference to the state after the last flush.</summary>
    public CompileDelta Flush()
    {
        Settle();
        bool changed = _given != _index.Settings;
        _given = _index.Settings;
        return _published.Take(changed ? _given : null);
    }

    /// <summary>Compiles what is dirty; the difference stays for the next flush.</summary>
    public void Settle()
    {
        for (var keys = _dirty.Take(); keys.Count > 0; keys = _dirty.Take())
        {
            foreach (var (key, whole) in keys)
            {
                if (!whole)
                {
                    _published.Set(key, _units.Relist(key, _published.Of(key)));
                    continue;
                }

                var output = key == Generated ? _generated : _units.Compile(key);
                _published.Set(key, _faults.TryGetValue(key, out var fault) ? output with { Findings = [.. output.Findings, fault] } : output);
            }
        }
    }

    /// <summary>The whole state after the last flush.</summary>
    public CompileResult Result() => _published.All(_index.Settings) with
    {
        DeclaredGateways = [.. _index.IstioGateways.All.OrderBy(static g => g.Meta.Key).Select(g => GatewayConfigCompiler.Declared(_index, g))],
    };

    private static ObjectKey? KeyOf(JsonObject manifest)
    {
        try
        {
            return ObjectKey.Of(manifest);
        }
        catch (Exception e) when (JsonView.IsUnreadable(e))
        {
            return null;
        }
    }

    private void Fault(ObjectKey key, string code, string field, string message)
    {
        string kind = key.Kind[(key.Kind.LastIndexOf('/') + 1)..];
        _faults[key] = new Finding(code, FindingLevel.Error, kind, key.Namespace, key.Name, field, message);
        _dirty.Add(key);
    }
}
