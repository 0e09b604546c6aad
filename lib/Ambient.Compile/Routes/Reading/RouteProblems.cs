using System.Collections.Immutable;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Routes.Reading;

/// <summary>
/// What is wrong with one routing resource. An error refuses the whole object, and its last good version stays in force; a warning does not.
/// At most <see cref="Most"/> of each are kept, so that an object of thousands of bad routes has a report that can be read.
/// </summary>
internal sealed class RouteProblems(SourceMeta meta)
{
    public const int Most = 16;

    private readonly List<Finding> _errors = [];
    private readonly List<Finding> _warnings = [];

    public bool HasErrors => _errors.Count > 0;

    public ImmutableArray<Finding> Errors => [.. _errors];

    public ImmutableArray<Finding> Warnings => [.. _warnings];

    public void Error(string field, string message, string code = FindingCodes.InvalidField)
    {
        if (_errors.Count < Most)
        {
            _errors.Add(new Finding(code, FindingLevel.Error, meta.Kind, meta.Namespace, meta.Name, field, message));
        }
    }

    public void Warn(string code, string field, string message)
    {
        if (_warnings.Count < Most)
        {
            _warnings.Add(new Finding(code, FindingLevel.Warning, meta.Kind, meta.Namespace, meta.Name, field, message));
        }
    }

    /// <summary>Reads a part; a field of the wrong type becomes an error and the part its fallback.</summary>
    public T? Try<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FieldException e)
        {
            Error(e.Path, e.Message);
            return default;
        }
    }
}
