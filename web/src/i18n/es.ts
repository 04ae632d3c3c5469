import type { Words } from './en.ts'

const changes = (n: number, text: string): string => (n === 1 ? 'Ha llegado 1 cambio' : `Han llegado ${text} cambios`)

export const es: Words = {
  nav: { skip: 'Ir al contenido', main: 'Páginas', overview: 'Resumen', stock: 'Existencias', reservations: 'Reservas', transfers: 'Traslados', webhooks: 'Webhooks', audit: 'Auditoría', explorer: 'Explorador', language: 'Idioma', theme: 'Tema' },
  themes: { auto: 'Automático', light: 'Claro', dark: 'Oscuro' },
  connection: {
    live: 'En vivo', connecting: 'Conectando', lost: 'Sin conexión',
    position: 'Posición en el registro', lag: 'Retraso', lagText: (n) => `${n} por detrás`, upToDate: 'Al día',
    lostSince: (time) => `La conexión se perdió a las ${time}. Lo que ve es de entonces; se vuelve a intentar sin que haga nada.`,
    back: (time, n, text) =>
      `De nuevo en conexión, desde donde se cortó a las ${time}. ${n === 0 ? 'Nada había cambiado entretanto.' : `${changes(n, text)} de ese intervalo.`}`,
  },
  failure: { title: 'No se ha podido cargar', again: 'Reintentar', unreachable: 'No se puede llegar al servidor.' },
  quantities: {
    onHand: 'En mano', reserved: 'Reservado', unavailable: 'Apartado', available: 'Disponible', incoming: 'En camino',
    availableToPromise: 'Se puede prometer', safetyStock: 'Existencias de seguridad',
  },
  badges: { low: 'Bajo', out: 'Agotado', stale: 'De la caché', closed: 'Cerrada', discontinued: 'Descatalogado' },
  overview: {
    title: 'Resumen', levels: 'Niveles de existencias', products: 'Productos', locations: 'Ubicaciones', low: 'Bajos', out: 'Sin disponible', rate: 'Cambios por segundo',
    rateChart: 'Cambios, segundo a segundo', stockChart: 'Unidades en mano ganadas o perdidas desde que se abrió esta página',
    feed: 'Ahora mismo', feedEmpty: 'Nada ha cambiado desde que se abrió esta página. Los cambios aparecen aquí al instante.',
    lowTitle: 'Primero lo más bajo', lowEmpty: 'Nada está en su punto de pedido ni por debajo.', lowAll: 'Todo lo que está bajo',
    byLocation: 'Por ubicación', kind: 'Tipo', gained: 'Ganado o perdido',
    server: 'El servidor', subscribers: 'Suscripciones', version: 'Versión', failures: (text) => `${text} fallos`,
    breakerStates: { CLOSED: 'Funciona', HALF_OPEN: 'A prueba', OPEN: 'No responde' },
    breakers: { 'event store': 'Almacén de eventos', 'event store for writing': 'Almacén de eventos, escritura', 'read model': 'Modelo de lectura' },
    emptyTitle: 'Aún no hay existencias', emptyText: 'Registre un producto, abra una ubicación y añada existencias en el explorador, o importe un archivo:', emptyExplorer: 'Abrir el explorador',
  },
  kinds: { STORE: 'Tienda', WAREHOUSE: 'Almacén', DROPSHIP: 'Envío directo', VIRTUAL: 'Virtual' },
  stock: {
    title: 'Existencias', search: 'Buscar', searchHint: 'SKU o nombre', location: 'Ubicación', allLocations: 'Todas las ubicaciones',
    show: 'Mostrar', all: 'Todo', onlyLow: 'Bajos', onlyAvailable: 'Disponibles', nothingAvailable: 'Sin disponible',
    product: 'Producto', updated: 'Cambiado', rows: (text) => `${text} niveles de existencias`,
    none: 'Nada coincide. Pruebe una búsqueda más corta u otra ubicación.', moved: 'Hay filas que han cambiado de lugar', reorder: 'Ordenar',
    loading: 'Cargando',
  },
  level: {
    missing: (sku, location) => `No hay existencias de ${sku} en ${location}.`, back: 'Todas las existencias',
    chart: 'En el tiempo', chartText: 'En mano, reservado y disponible en el tiempo', asOf: 'A fecha de', now: 'ahora', anyMoment: 'Cualquier momento', toNow: 'Volver a ahora', notYet: 'aún no lo había', version: (text) => `Versión ${text}`,
    history: 'Eventos', older: 'Eventos anteriores', policy: 'Política', reorderPoint: 'Punto de pedido', reorderQuantity: 'Cantidad de pedido',
    backorderLimit: 'Límite de pedidos pendientes', allowNegative: 'Puede bajar de cero', none: 'ninguno', yes: 'sí', no: 'no',
    localTime: (zone) => `Las horas son las de ${zone}.`, noChart: 'El gráfico empieza con el segundo evento.',
  },
  commands: {
    title: 'Cambiarlo', addStock: 'Añadir', removeStock: 'Retirar', countStock: 'Contar', setStockAside: 'Apartar', putStockBack: 'Devolver', setStockPolicy: 'Política',
    quantity: 'Cantidad', counted: 'Contado', reason: 'Motivo', reference: 'Referencia', referenceHint: 'Pedido o albarán', note: 'Nota', optional: 'opcional',
    send: { addStock: 'Añadir existencias', removeStock: 'Retirar existencias', countStock: 'Registrar el recuento', setStockAside: 'Apartar existencias', putStockBack: 'Devolver existencias', setStockPolicy: 'Guardar la política' },
    sending: 'Enviando…', done: 'Hecho.', predicted: 'Aún sin confirmar', required: 'Escriba un número entero, 0 o más.', requiredPositive: 'Escriba un número entero mayor que 0.',
  },
  refusals: {
    conflict: 'Ha cambiado entretanto. Revíselo y envíe de nuevo.', ended: 'Ya ha terminado.',
    shortage: (requested, available) => `Se pidieron ${requested}, hay ${available} disponibles.`,
  },
  reasons: {
    RECEIVED: 'Recibido', RETURNED: 'Devuelto por un cliente', FOUND: 'Encontrado', PRODUCED: 'Producido', OTHER: 'Otro', SOLD: 'Vendido', DAMAGED: 'Dañado', EXPIRED: 'Caducado',
    LOST: 'Perdido', STOLEN: 'Robado', RETURNED_TO_SUPPLIER: 'Devuelto al proveedor', USED: 'Usado', QUALITY_CONTROL: 'Control de calidad', RECALLED: 'Retirado del mercado',
  },
  events: {
    StockAdded: 'Añadido', StockRemoved: 'Retirado', StockCounted: 'Contado', StockSetAside: 'Apartado', StockPutBack: 'Devuelto', StockPolicySet: 'Política fijada',
    StockReserved: 'Reservado', ReservedStockFulfilled: 'Entregado', ReservedStockReleased: 'Reserva liberada', StockDispatched: 'Enviado', StockExpected: 'En camino',
    ExpectedStockReceived: 'Llegado', ExpectedStockCancelled: 'No llegará', DispatchedStockReturned: 'Ha vuelto',
    ProductRegistered: 'Producto registrado', ProductUpdated: 'Producto actualizado', ProductDiscontinued: 'Producto descatalogado',
    LocationOpened: 'Ubicación abierta', LocationUpdated: 'Ubicación actualizada', LocationClosed: 'Ubicación cerrada',
    ReservationPlaced: 'Reserva hecha', ReservationExtended: 'Reserva prolongada', ReservationFulfilled: 'Reserva entregada', ReservationReleased: 'Reserva liberada',
    ReservationExpired: 'Reserva vencida', TransferDispatched: 'Traslado enviado', TransferReceived: 'Traslado recibido', TransferCancelled: 'Traslado cancelado',
    WebhookRegistered: 'Webhook registrado', WebhookUpdated: 'Webhook actualizado', WebhookRemoved: 'Webhook eliminado', WebhookSecretRotated: 'Secreto del webhook cambiado', WebhookRedeliveryRequested: 'Nueva entrega pedida',
  },
  audit: {
    title: 'Auditoría', type: 'Evento', allTypes: 'Todos los eventos', sku: 'SKU', location: 'Ubicación', reference: 'Referencia', correlation: 'Id de correlación',
    time: 'Registrado', occurred: 'Ocurrido', what: 'Qué', where: 'Dónde', who: 'Quién', why: 'Por qué', effect: 'Efecto', stream: 'Flujo',
    json: 'JSON', follow: 'Seguir este id de correlación', older: 'Eventos anteriores', none: 'Ningún evento coincide.', clear: 'Quitar los filtros',
    shown: (text) => `${text} eventos, los nuevos arriba`,
  },
  documents: {
    reference: 'Referencia', status: 'Estado', contents: 'Contenido', lines: 'Líneas', sku: 'SKU', location: 'Ubicación', quantity: 'Cantidad', open: 'Pendiente', noReference: 'Sin referencia',
    contentsText: (lines, linesText, open, all) => `${lines === 1 ? '1 línea' : `${linesText} líneas`}, ${open} de ${all} pendientes`,
    closedText: (lines, linesText, all) => `${lines === 1 ? '1 línea' : `${linesText} líneas`}, ${all} en total`,
    show: (name) => `Líneas de ${name}`, any: 'Todo', shown: (from, to, all) => `${from} a ${to} de ${all}`,
    previous: 'Anterior', next: 'Siguiente', none: 'Nada coincide con estos filtros.', missing: 'No hay nada con este id.', nothingChosen: 'Escriba una cantidad mayor que 0 en al menos una línea.',
  },
  reservations: {
    title: 'Reservas', count: (text) => `${text} reservas`, all: 'Todas las reservas', placed: 'Hecha', until: 'Hasta', untilEnded: 'Hasta que se termine',
    reserved: 'Prometido', fulfilled: 'Entregado', released: 'Liberado', fulfill: 'Entregar', release: 'Liberar', extend: 'Prolongar', minutes: 'Minutos desde ahora',
    linesHint: 'Cantidades que entregar o liberar; 0 deja la línea como está.', ofLevel: 'Reservas abiertas', noneOfLevel: 'Nada está prometido.',
    statuses: { OPEN: 'Abierta', FULFILLED: 'Entregada', RELEASED: 'Liberada', EXPIRED: 'Vencida' },
  },
  transfers: {
    title: 'Traslados', count: (text) => `${text} traslados`, all: 'Todos los traslados', route: 'Desde y hasta', dispatched: 'Enviado', completed: 'Terminado',
    sent: 'Enviado', received: 'Llegado', missing: 'Falta', receive: 'Recibir', cancel: 'Cancelar el traslado', arrived: 'Llega ahora',
    linesHint: 'Lo que ha llegado de cada línea. Una línea vacía sigue en camino; lo que falte de lo enviado se registra como faltante.',
    willMiss: (text) => `${text} se registrarán como faltantes.`, ofLevel: 'En camino', noneOfLevel: 'Nada está en camino hacia aquí ni desde aquí.',
    statuses: { IN_TRANSIT: 'En camino', RECEIVED: 'Recibido', CANCELLED: 'Cancelado' },
  },
  session: {
    title: 'Iniciar sesión', hint: 'Este servidor quiere saber quién es. Pegue el token que le dieron: se guarda mientras esta pestaña esté abierta.', token: 'Token',
    refused: 'Este token no se acepta, o ya no.', signIn: 'Entrar', signOut: 'Salir',
    roles: { READER: 'Lector', CLERK: 'Dependiente', MANAGER: 'Encargado', ADMIN: 'Administrador' },
  },
  webhooks: {
    title: 'Webhooks', none: 'Aún no se avisa a nadie de los eventos.', url: 'Dirección', types: 'Eventos', typesHint: 'Ninguno elegido: todos los eventos.', allTypes: 'Todos los eventos', created: 'Registrado',
    register: 'Registrar un webhook', enabled: 'Activo', disabled: 'Inactivo', enable: 'Activar', disable: 'Desactivar', rotate: 'Secreto nuevo', remove: 'Eliminar', removeSurely: 'Eliminar para siempre',
    secret: 'El secreto para firmar.', secretHint: 'Se muestra esta única vez: cópielo ahora.', secretSeen: 'Ya lo he copiado',
    deliveries: 'Entregas', noDeliveries: 'Aún no se ha entregado nada.', event: 'Evento', attempts: 'Intentos', answer: 'Respuesta', next: 'próxima a las', redeliver: 'Entregar de nuevo',
    statuses: { PENDING: 'En espera', DELIVERED: 'Entregado', FAILED: 'Fallido' },
  },
}
