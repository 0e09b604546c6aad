using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Ambient.Core.Mesh;

namespace Ambient.Discovery.Codec.Resources;

/// <summary>
/// What of a record goes over the wire: what was given to it, not what it computes; without what has its default. A closed hierarchy (an
/// abstract record with its cases nested in it) says which case by <c>kind</c>.
/// </summary>
internal static class RecordShape
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Properties = new();

    public static void Apply(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
        {
            return;
        }

        if (type.Type.IsAbstract)
        {
            Cases(type);
        }

        object? blank = BlankOf(type.Type);
        ParameterInfo[] parameters = ParametersOf(type.Type);
        foreach (JsonPropertyInfo property in type.Properties.ToList())
        {
            if (property.AttributeProvider is not PropertyInfo { CanWrite: true } written)
            {
                type.Properties.Remove(property);
                continue;
            }

            ParameterInfo? parameter = Array.Find(parameters, p => p.Name == written.Name);
            if (parameter is { HasDefaultValue: false })
            {
                property.IsRequired = true;
            }
            else if (!property.IsRequired)
            {
                object? standard = parameter is null ? (blank is null ? null : written.GetValue(blank)) : parameter.DefaultValue;
                bool absentMeansIt = !type.Type.IsValueType || Equals(standard, ZeroOf(written.PropertyType));
                property.ShouldSerialize = (_, value) => !absentMeansIt || !Same(value, standard);
            }
        }
    }

    private static void Cases(JsonTypeInfo type)
    {
        var cases = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = "kind", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization };
        foreach (Type one in type.Type.GetNestedTypes().Where(type.Type.IsAssignableFrom))
        {
            cases.DerivedTypes.Add(new JsonDerivedType(one, one.Name));
        }

        type.PolymorphismOptions = cases;
    }

    /// <summary>One with every property at its default; null for a type that has no constructor without parameters.</summary>
    private static object? BlankOf(Type type) =>
        type.IsValueType || (!type.IsAbstract && type.GetConstructor(Type.EmptyTypes) is not null) ? Activator.CreateInstance(type) : null;

    /// <summary>Of a record that declares its properties as parameters; its copy constructor is not public.</summary>
    private static ParameterInfo[] ParametersOf(Type type) =>
        type.GetConstructors().Select(static c => c.GetParameters()).MaxBy(static p => p.Length) ?? [];

    private static object? ZeroOf(Type type) => type.IsValueType ? Activator.CreateInstance(type) : null;

    /// <summary>By content: a record's own equality takes two empty lists for different when they are not one and the same.</summary>
    private static bool Same(object? value, object? standard) =>
        Equals(value, standard)
        || (value is not null && standard is not null && value.GetType() == standard.GetType()
            && (value is ICollection { Count: var count } ? count == 0 && ((ICollection)standard).Count == 0
                : Written(value.GetType()) is { Length: > 0 } properties && Array.TrueForAll(properties, p => Same(p.GetValue(value), p.GetValue(standard)))));

    private static PropertyInfo[] Written(Type type) => type.Assembly == typeof(ProxyResource).Assembly
        ? Properties.GetOrAdd(type, static t => [.. t.GetProperties().Where(static p => p is { CanWrite: true, GetMethod.IsStatic: false })])
        : [];
}
