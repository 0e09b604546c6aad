using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;

namespace Ambient.Compile;

/// <summary>Equality of records by all that they hold, lists and maps included.</summary>
internal static class SameContentDeep
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Properties = new();

    public static bool Same(object? a, object? b)
    {
        if (ReferenceEquals(a, b))
        {
            return true;
        }

        if (a is null || b is null || a.GetType() != b.GetType())
        {
            return false;
        }

        return a switch
        {
            string or ValueType and not IEnumerable when IsPlain(a.GetType()) => a.Equals(b),
            IDictionary d => Maps(d, (IDictionary)b),
            IEnumerable list => Lists(list, (IEnumerable)b),
            _ => Records(a, b),
        };
    }

    private static bool IsPlain(Type type) => type.IsPrimitive || type.IsEnum || type == typeof(string) || type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true;

    private static bool Records(object a, object b) => Properties
        .GetOrAdd(a.GetType(), static t => [.. t.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(static p => p.GetIndexParameters().Length == 0 && p.CanWrite)])
        .All(p => Same(p.GetValue(a), p.GetValue(b)));

    private static bool Maps(IDictionary a, IDictionary b) =>
        a.Count == b.Count && a.Keys.Cast<object>().All(key => b.Contains(key) && Same(a[key], b[key]));

    private static bool Lists(IEnumerable a, IEnumerable b) => a.Cast<object?>().SequenceEqual(b.Cast<object?>(), Comparer.Instance);

    private sealed class Comparer : IEqualityComparer<object?>
    {
        public static Comparer Instance { get; } = new();

        bool IEqualityComparer<object?>.Equals(object? x, object? y) => Same(x, y);

        int IEqualityComparer<object?>.GetHashCode(object? obj) => 0;
    }
}
