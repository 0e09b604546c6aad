using System.Collections;
using System.Collections.Immutable;
using System.Net;
using System.Reflection;
using Ambient.Core;
using Ambient.Core.Mesh;

namespace Ambient.Discovery.Tests.Codec.Resources;

/// <summary>Values of any kind of resource with anything in every field, so that a field which somebody adds is tried too.</summary>
internal sealed class AnyResource(Random random)
{
    public static IEnumerable<Type> Kinds => typeof(ProxyResource).Assembly.GetTypes().Where(static t => t.IsSubclassOf(typeof(ProxyResource)) && !t.IsAbstract);

    public object Of(Type type, int depth = 0)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return Of(inner, depth);
        }

        if (type.IsEnum)
        {
            Array values = Enum.GetValues(type);
            return values.GetValue(random.Next(values.Length))!;
        }

        return Type.GetTypeCode(type) switch
        {
            TypeCode.String => Text(),
            TypeCode.Boolean => random.Next(2) == 0,
            TypeCode.Int32 => random.Next(1, 1 << 16),
            TypeCode.Int64 => random.NextInt64(1, long.MaxValue),
            TypeCode.UInt32 => (uint)random.NextInt64(uint.MaxValue),
            TypeCode.UInt16 => (ushort)random.Next(1, 1 << 16),
            TypeCode.Byte => (byte)random.Next(256),
            TypeCode.Double => random.NextDouble() * 100,
            _ when type == typeof(TimeSpan) => new TimeSpan(random.NextInt64(TimeSpan.TicksPerDay)),
            _ when type == typeof(DateTimeOffset) => DateTimeOffset.UnixEpoch.AddTicks(random.NextInt64(DateTimeOffset.UnixEpoch.Ticks)),
            _ when type == typeof(IPAddress) => new IPAddress(random.Next(2) == 0 ? Bytes(4) : Bytes(16)),
            _ when type == typeof(IPNetwork) => new IPNetwork(new IPAddress([10, (byte)random.Next(256), 0, 0]), 16),
            _ when type == typeof(Uri) => new Uri($"https://{random.Next()}.example/a?b=c"),
            _ when type == typeof(NamespacedName) => new NamespacedName("ns" + random.Next(9), Text() + "n"),
            _ when type.IsGenericType && typeof(IDictionary).IsAssignableFrom(type) => Map(type, depth),
            _ when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) => List(type, depth),
            _ when type.IsAbstract => Of(Case(type), depth),
            _ => Record(type, depth),
        };
    }

    private Type Case(Type type)
    {
        Type[] cases = [.. type.GetNestedTypes().Where(type.IsAssignableFrom)];
        return cases[random.Next(cases.Length)];
    }

    private object Record(Type type, int depth)
    {
        ConstructorInfo make = type.GetConstructors().MinBy(static c => c.GetParameters().Length == 0 ? int.MaxValue : -c.GetParameters().Length)!;
        object record = make is null ? Activator.CreateInstance(type)! : make.Invoke([.. make.GetParameters().Select(p => Maybe(p.ParameterType, depth) ?? Absent(p))]);
        foreach (PropertyInfo property in type.GetProperties().Where(static p => p.CanWrite))
        {
            bool optional = depth > 2 && !property.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute));
            if (optional && random.Next(3) > 0)
            {
                continue;
            }

            property.SetValue(record, Of(property.PropertyType, depth + 1));
        }

        return record;
    }

    private static object? Absent(ParameterInfo parameter) => parameter.HasDefaultValue ? parameter.DefaultValue : null;

    private object? Maybe(Type type, int depth) => Nullable.GetUnderlyingType(type) is not null && random.Next(2) == 0 ? null : Of(type, depth + 1);

    private object Map(Type type, int depth)
    {
        Type[] types = type.GenericTypeArguments;
        var entries = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(types))!;
        for (int i = Count(depth); i > 0; i--)
        {
            entries[types[0] == typeof(int) ? random.Next(1, 70000) : Text() + i] = Of(types[1], depth + 1);
        }

        string name = type.GetGenericTypeDefinition() == typeof(ImmutableSortedDictionary<,>) ? nameof(ImmutableSortedDictionary) : nameof(ImmutableDictionary);
        Type factory = typeof(ImmutableDictionary).Assembly.GetType($"System.Collections.Immutable.{name}")!;
        return factory.GetMethods().Single(static m => m.Name == "CreateRange" && m.GetParameters().Length == 1).MakeGenericMethod(types).Invoke(null, [entries])!;
    }

    private object List(Type type, int depth)
    {
        Type item = type.GenericTypeArguments[0];
        Array items = Array.CreateInstance(item, item == typeof(byte) ? random.Next(40) : Count(depth));
        for (int i = 0; i < items.Length; i++)
        {
            items.SetValue(Of(item, depth + 1), i);
        }

        return typeof(System.Runtime.InteropServices.ImmutableCollectionsMarshal).GetMethod("AsImmutableArray")!.MakeGenericMethod(item).Invoke(null, [items])!;
    }

    private int Count(int depth) => random.Next(depth > 4 ? 1 : 3);

    private byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private string Text() => new([.. Enumerable.Range(0, random.Next(8)).Select(_ => "aZ9/-.*\"\\<>\u0001é\u20ac\n "[random.Next(16)])]);
}
